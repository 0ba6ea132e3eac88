import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GuardedConnector, plainDialler } from '../../../apps/relay/src/outside/guarded-connector.js';
import { HostNames } from '../../../apps/relay/src/outside/host-names.js';
import { OwnAddresses } from '../../../apps/relay/src/outside/own-addresses.js';
import { hex } from '../../vectors/onion-vectors.js';
import { post, type Reply } from './https-client.js';
import { Layer, ONION_PATH } from './onion-client.js';
import { OutsideStub } from './outside-stub.js';
import { VectorNetwork, nodeVector, vectors } from './vector-network.js';

const INVALID_URL = '{"body":"Invalid url","status":400}';
const TARGET = '/oxen/v4/lsrpc';

/** Names of strangers; all public ones are the test's own server. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'files.example.org': ['8.8.8.8'],
  'sogs.example.org': ['8.8.4.4'],
  'other.example.org': ['8.8.8.8'],
  'untrusted.example.org': ['8.8.8.4'],
  'inside.example.org': ['10.0.0.5'],
  'local.example.org': ['127.0.0.1'],
  'mixed.example.org': ['8.8.8.8', '::1'],
  'metadata.example.org': ['169.254.169.254'],
};

class Names extends HostNames {
  override resolve(name: string): Promise<readonly string[]> {
    return Promise.resolve(NAMES[name] ?? []);
  }
  override resolveTrusted(): Promise<readonly string[]> {
    return Promise.resolve(['127.0.0.1']);
  }
}

class NoneOwn extends OwnAddresses {
  override includes(): boolean {
    return false;
  }
}

describe('relaying to an outside server', () => {
  const files = new OutsideStub('files.example.org');
  const sogs = new OutsideStub('sogs.example.org');
  const untrusted = new OutsideStub('untrusted.example.org');
  const canary = new OutsideStub('canary.example.org');
  let network: VectorNetwork;
  let port: number;

  /** The real rules with the last step bent: what may leave for the internet arrives at a stub instead. */
  const connector = (): GuardedConnector => {
    const dial = plainDialler({ ca: files.certificate.certPem + sogs.certificate.certPem });
    const allowed = new Set([`127.0.0.1:${files.port('http:')}`, `localhost:${files.port('http:')}`, 'localhost:1']);
    return new GuardedConnector(new Names(), new NoneOwn(), allowed, (options, callback) => {
      const stub = options.hostname === '8.8.4.4' ? sogs : options.hostname === '8.8.8.4' ? untrusted : files;
      const isPublic = options.hostname.startsWith('8.8.');
      dial(
        isPublic ? { ...options, hostname: '127.0.0.1', port: String(stub.port(options.protocol)) } : options,
        callback,
      );
    });
  };

  beforeAll(async () => {
    await Promise.all([files, sogs, untrusted, canary].map((stub) => stub.start()));
    network = await VectorNetwork.start(['entry', 'middle', 'exit'], (name) =>
      name === 'middle' ? {} : { connector, limits: { outsideMs: 700, outsideCalls: 4 } },
    );
    port = network.relay('entry').httpsPort;
    await network.publish();
  });
  beforeEach(() => {
    for (const stub of [files, sogs]) stub.answer = (response) => response.end('relay says hello');
  });
  afterEach(() => expect(canary.connections).toBe(0));
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await network.stop();
    await Promise.all([files, sogs, untrusted, canary].map((stub) => stub.stop()));
  });

  /** One node: entry and exit at once. */
  const oneHop = async (control: object): Promise<{ reply: Reply; layer: Layer; sent: Uint8Array }> => {
    const layer = new Layer('entry');
    const sent = layer.frame('payload for server', { host: 'files.example.org', target: TARGET, ...control });
    return { reply: await post(port, ONION_PATH, sent), layer, sent };
  };
  /** Two nodes: the answer crosses one hop. */
  const twoHops = async (control: object): Promise<Reply> => {
    const inner = new Layer('exit');
    const outer = new Layer('entry');
    const frame = Buffer.from(JSON.stringify({ host: 'files.example.org', target: TARGET, ...control }));
    const sealed = inner.seal(Buffer.concat([Buffer.alloc(4), frame]));
    return post(
      port,
      ONION_PATH,
      outer.frame(sealed, { destination: nodeVector('exit').ed25519_pubkey, ...inner.opener }),
    );
  };

  it.each(vectors.server_requests)('S1 to S4, S15: $name', async (vector) => {
    const { url, body } = vector.exit.http_request;
    const { protocol, hostname, pathname, host } = new URL(url);
    const stub = hostname === 'sogs.example.org' ? sogs : files;
    const httpBody =
      vector.reply.http_body === undefined
        ? Buffer.from(vector.reply.http_body_text ?? '')
        : Buffer.from(hex(vector.reply.http_body));
    stub.answer = (response) => response.end(httpBody);
    const reply = await post(port, ONION_PATH, hex(vector.entry_body));
    expect([reply.status, reply.headers['content-type']]).toEqual([200, 'text/plain']);
    expect(reply.body.equals(httpBody)).toBe(true);

    const request = stub.requests.at(-1);
    expect([request?.method, request?.path, request?.body.toString('hex')]).toEqual(['POST', pathname, body]);
    expect(request?.headers).toMatchObject({
      host,
      'content-type': 'application/octet-stream',
      'user-agent': 'Oxen Storage Server/2.8.0',
      'content-length': String(body.length / 2),
    });
    expect(protocol).toMatch(/^https?:$/);
  });

  it.each([
    ['S5', 400, 'bad', 400],
    ['S6', 425, 'early', 500],
    ['onion.server_418', 418, 'teapot', 500],
  ])('%s: passes %i on, over a hop as that knows it', async (_number, status, text, overHop) => {
    files.answer = (response) =>
      response.writeHead(status, { 'content-type': 'application/x-test', 'x-from-server': '1' }).end(text);
    const { reply } = await oneHop({});
    expect([reply.status, reply.text]).toEqual([status, text]);
    expect([reply.headers['content-type'], reply.headers.server]).toEqual([
      'application/x-test',
      'Oxen Storage Server/2.8.0',
    ]);
    expect(reply.headers).not.toHaveProperty('x-from-server');
    const second = await twoHops({});
    expect([second.status, second.text, second.headers['content-type']]).toEqual([overHop, text, 'text/plain']);
  });

  it('S10: follows no redirect', async () => {
    const before = files.requests.length;
    files.answer = (response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${canary.port('http:')}${TARGET}` }).end();
    const { reply } = await oneHop({});
    expect(reply.status).toBe(302);
    expect(reply.headers).not.toHaveProperty('location');
    expect((await twoHops({})).status).toBe(500);
    expect(files.requests).toHaveLength(before + 2);
  });

  it('S7: says 502 when nobody listens', async () => {
    const { reply } = await oneHop({ host: 'localhost', port: 1, protocol: 'http' });
    expect([reply.status, reply.reason, reply.text]).toEqual([502, 'Bad Gateway', 'The server cannot be reached']);
  });

  it('onion.server_host_bad: says 502 for a name that nobody knows', async () => {
    const { reply } = await oneHop({ host: 'no-such-host.invalid' });
    expect([reply.status, reply.text]).toEqual([502, 'Could not resolve host: no-such-host.invalid']);
  });

  it.each([
    ['never answers', () => undefined],
    ['never ends its answer', (response: { write(text: string): void }) => response.write('a')],
  ])('S8: says 504 for a server that %s', async (_name, behave) => {
    files.answer = behave;
    const started = performance.now();
    const { reply } = await oneHop({});
    expect([reply.status, reply.text]).toEqual([504, 'The server did not answer in time']);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('S9: says 502 for a certificate of another name', async () => {
    const { reply } = await oneHop({ host: 'other.example.org' });
    expect([reply.status, reply.text]).toEqual([502, 'The certificate of the server cannot be trusted']);
  });

  it('S9: says 502 for a certificate that nobody vouches for', async () => {
    const { reply } = await oneHop({ host: 'untrusted.example.org' });
    expect([reply.status, reply.text]).toEqual([502, 'The certificate of the server cannot be trusted']);
  });

  it('T2: stops reading an answer that does not end at 10 MiB', async () => {
    let stopped = false;
    files.answer = (response) => {
      response.on('close', () => (stopped = true));
      const more = (): void => {
        while (!stopped && response.write(Buffer.alloc(64 * 1024)));
        if (!stopped) response.once('drain', more);
      };
      more();
    };
    const { reply } = await oneHop({});
    expect([reply.status, reply.text]).toEqual([502, 'The answer of the server is too large']);
    expect(await network.relay('entry').metrics()).toMatch(/^relay_body_bytes_held 0$/m);
  });

  it('bounds the calls at work, and says so in known words', async () => {
    const waiting: (() => void)[] = [];
    files.answer = (response) => waiting.push(() => response.end('x'));
    const replies = Promise.all(Array.from({ length: 6 }, () => oneHop({})));
    const statuses = (await replies).map(({ reply }) => `${reply.status} ${reply.text}`).toSorted();
    expect(statuses.slice(0, 2)).toEqual(Array(2).fill('503 Server busy, try again later'));
    expect(statuses.slice(2)).toEqual(Array(4).fill('504 The server did not answer in time'));
    expect(waiting).toHaveLength(4);
  });

  const refusedTargets = vectors.url_targets.filter(({ target, allowed }) => !allowed || /\/\/|\.\.|#|%/.test(target));
  it.each([
    ...refusedTargets.map(({ target }) => ({ target })),
    { protocol: 'ftp' },
    { protocol: 'HTTPS' },
    { protocol: '' },
  ])('S11, S12: refuses %j', async (control) => {
    const { reply, layer } = await oneHop(control);
    expect([reply.status, layer.open(reply)]).toEqual([200, INVALID_URL]);
  });

  it.each(vectors.url_targets.filter(({ target, allowed }) => allowed && !/\/\/|\.\.|#|%/.test(target)))(
    'S11: posts to $target',
    async ({ target }) => {
      expect((await oneHop({ target })).reply.text).toBe('relay says hello');
      expect(files.requests.at(-1)?.path).toBe(target);
    },
  );

  it.each([
    '127.0.0.1',
    'localhost',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '2130706433',
    '127.1',
    '0.0.0.0',
    'user@files.example.org',
    'local.example.org',
    'inside.example.org',
    'mixed.example.org',
    'metadata.example.org',
    '169.254.169.254',
  ])('S13: makes no connection for host %s', async (host) => {
    for (const protocol of ['http', 'https'] as const) {
      const control = { host, protocol, port: canary.port(`${protocol}:`) };
      const { reply, layer } = await oneHop(control);
      // A name that is unknown to the stub's name server is no refusal, and no connection either.
      if (host === 'localhost') expect(reply.text).toBe('Could not resolve host: localhost');
      else expect([reply.status, layer.open(reply)]).toEqual([200, INVALID_URL]);
    }
  });

  it('S13: calls what the operator allows', async () => {
    const { reply } = await oneHop({ host: '127.0.0.1', port: files.port('http:'), protocol: 'http' });
    expect(reply.text).toBe('relay says hello');
    expect(files.requests.at(-1)?.headers.host).toBe(`127.0.0.1:${files.port('http:')}`);
  });
});
