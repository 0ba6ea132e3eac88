import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MAX_BODY_BYTES } from '../../../apps/relay/src/limits/budget.js';
import { GuardedConnector, plainDialler } from '../../../apps/relay/src/outside/guarded-connector.js';
import type { OwnAddresses } from '../../../apps/relay/src/outside/own-addresses.js';
import { hex } from '../../vectors/onion-vectors.js';
import { post, type Reply } from '../../integration/relay/https-client.js';
import { Layer, ONION_PATH } from '../../integration/relay/onion-client.js';
import { OutsideStub } from '../../integration/relay/outside-stub.js';
import { VectorNetwork, nodeVector, vectors } from '../../integration/relay/vector-network.js';
import { StubNames } from './stub-names.js';

const TARGET = '/oxen/v4/lsrpc';
/** A node that gives up early, so that a test need not wait as long as a client. */
const IMPATIENT = 'destination';
/** What may be on the way on both sides when a connection is cut. */
const SOCKET_BUFFER_BYTES = 16 * 1024 * 1024;

/** Names of strangers; all are the test's own servers. */
const NAMES = {
  'files.example.org': [['8.8.8.8']],
  'sogs.example.org': [['8.8.4.4']],
  'other.example.org': [['8.8.8.8']],
  'untrusted.example.org': [['8.8.8.4']],
};

describe('relaying to an outside server', () => {
  const files = new OutsideStub('files.example.org');
  const sogs = new OutsideStub('sogs.example.org');
  const untrusted = new OutsideStub('untrusted.example.org');
  const canary = new OutsideStub('canary.example.org');
  let network: VectorNetwork;
  let port: number;

  /** The real rules with the last step bent: what may leave for the internet arrives at a stub instead. */
  const connector = (own: OwnAddresses): GuardedConnector => {
    const dial = plainDialler({ ca: files.certificate.certPem + sogs.certificate.certPem });
    const allowed = new Set([`127.0.0.1:${files.port('http:')}`, `localhost:${files.port('http:')}`, 'localhost:1']);
    return new GuardedConnector(new StubNames(NAMES), own, allowed, (options, callback) => {
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
    network = await VectorNetwork.start(['entry', 'middle', 'exit', IMPATIENT], (name) => ({
      connector,
      ...(name === IMPATIENT ? { limits: { outsideMs: 700, outsideCalls: 4 } } : {}),
    }));
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
  const oneHop = (control: object, at = 'entry'): Promise<Reply> => {
    const frame = { host: 'files.example.org', target: TARGET, ...control };
    return post(network.relay(at).httpsPort, ONION_PATH, new Layer(at).frame('payload for server', frame));
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

  const idOf: Readonly<Record<string, string>> = {
    'v4-get-https-default-port': 'S1',
    'v4-post-http-port-80': 'S2',
    'v4-post-http-odd-port': 'S2',
    'v4-desktop-shape-aes-gcm-no-port': 'S3',
    'v3-legacy': 'S15',
  };
  const rows = vectors.server_requests.map((vector) => [idOf[vector.name] ?? 'unknown', vector.name, vector] as const);
  it.each(rows)('%s posts %s, and its answer comes back as it is', async (_id, _name, vector) => {
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

  it('S4 passes bytes back that are no text', async () => {
    const bytes = Buffer.from(Array.from({ length: 1_000 }, (_, i) => i % 256));
    files.answer = (response) => response.end(bytes);
    for (const reply of [await oneHop({}), await twoHops({})]) {
      expect([reply.status, reply.headers['content-type'], reply.body.equals(bytes)]).toEqual([
        200,
        'text/plain',
        true,
      ]);
    }
  });

  it.each([
    ['S5', 400, 'bad', 400],
    ['S6', 425, 'early', 500],
    ['S6', 418, 'teapot', 500],
    ['S6', 299, 'odd', 500],
    ['S6', 507, 'full', 500],
    ['S6', 799, 'beyond', 500],
    ['S6', 404, 'nothing', 404],
    ['S6', 503, 'later', 503],
  ])('%s passes %i on, over a hop as that knows it', async (_number, status, text, overHop) => {
    files.answer = (response) =>
      response.writeHead(status, { 'content-type': 'application/x-test', 'x-from-server': '1' }).end(text);
    const reply = await oneHop({});
    expect([reply.status, reply.text]).toEqual([status, text]);
    expect([reply.headers['content-type'], reply.headers.server]).toEqual([
      'application/x-test',
      'Oxen Storage Server/2.8.0',
    ]);
    expect(reply.headers).not.toHaveProperty('x-from-server');
    const second = await twoHops({});
    expect([second.status, second.text, second.headers['content-type']]).toEqual([overHop, text, 'text/plain']);
  });

  it('S10 follows no redirect', async () => {
    const before = files.requests.length;
    files.answer = (response) =>
      response.writeHead(302, { location: `http://127.0.0.1:${canary.port('http:')}${TARGET}` }).end();
    const reply = await oneHop({});
    expect(reply.status).toBe(302);
    expect(reply.headers).not.toHaveProperty('location');
    expect((await twoHops({})).status).toBe(500);
    expect(files.requests).toHaveLength(before + 2);
  });

  it('S7 says 502 when nobody listens', async () => {
    const reply = await oneHop({ host: 'localhost', port: 1, protocol: 'http' });
    expect([reply.status, reply.reason, reply.text]).toEqual([502, 'Bad Gateway', 'The server cannot be reached']);
  });

  it('S7 says 502 for a name that nobody knows', async () => {
    const reply = await oneHop({ host: 'no-such-host.invalid' });
    expect([reply.status, reply.text]).toEqual([502, 'Could not resolve host: no-such-host.invalid']);
  });

  it.each([
    ['never answers', () => undefined],
    ['never ends its answer', (response: { write(text: string): void }) => response.write('a')],
  ])('S8 says 504 for a server that %s', async (_name, behave) => {
    files.answer = behave;
    const reply = await oneHop({}, IMPATIENT);
    expect([reply.status, reply.text]).toEqual([504, 'The server did not answer in time']);
  });

  it('S9 says 502 for a certificate of another name', async () => {
    const reply = await oneHop({ host: 'other.example.org' });
    expect([reply.status, reply.text]).toEqual([502, 'The certificate of the server cannot be trusted']);
  });

  it('S9 says 502 for a certificate that nobody vouches for', async () => {
    const reply = await oneHop({ host: 'untrusted.example.org' });
    expect([reply.status, reply.text]).toEqual([502, 'The certificate of the server cannot be trusted']);
  });

  it('S8 reads no further than 10 MiB of an answer that does not end', async () => {
    let sentBytes = 0;
    const left = new Promise<void>((resolve) => {
      files.answer = (response) => {
        const chunk = Buffer.alloc(64 * 1024);
        const more = (): void => {
          while (!response.destroyed) {
            sentBytes += chunk.length;
            if (!response.write(chunk)) break;
          }
        };
        response.on('close', resolve).on('drain', more);
        more();
      };
    });
    const reply = await oneHop({});
    expect([reply.status, reply.reason, reply.text]).toEqual([
      502,
      'Bad Gateway',
      'The answer of the server is too large',
    ]);
    await left; // the connection is cut, not drained
    expect(sentBytes).toBeLessThan(MAX_BODY_BYTES + SOCKET_BUFFER_BYTES);
    expect(await network.relay('entry').metrics()).toMatch(/^relay_body_bytes_held 0$/m);
  });

  it.each([
    ['no HTTP', 'SSH-2.0-x\r\n'],
    ['a status below 100', 'HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n'],
    ['another protocol from here on', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    ['less than it announced', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab'],
    ['a head without an end', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(100_000)}`],
    ['nothing', ''],
  ])('S7 says 502 for a server that answers %s', async (_what, bytes) => {
    files.answer = (response) => response.socket?.end(bytes);
    const reply = await oneHop({});
    expect([reply.status, reply.reason, reply.text]).toEqual([502, 'Bad Gateway', 'The server cannot be reached']);
  });

  it('S8 bounds the calls at work, and says so in known words', async () => {
    const waiting: (() => void)[] = [];
    files.answer = (response) => waiting.push(() => response.end('x'));
    const replies = Promise.all(Array.from({ length: 6 }, () => oneHop({}, IMPATIENT)));
    const statuses = (await replies).map(({ status, text }) => `${status} ${text}`).toSorted();
    expect(statuses.slice(0, 2)).toEqual(Array(2).fill('503 Server busy, try again later'));
    expect(statuses.slice(2)).toEqual(Array(4).fill('504 The server did not answer in time'));
    expect(waiting).toHaveLength(4);
  });

  const plain = vectors.url_targets.filter(({ target, allowed }) => allowed && !/\/\/|\.\.|#|%/.test(target));
  it.each(plain)('S11 posts to $target', async ({ target }) => {
    expect((await oneHop({ target })).text).toBe('relay says hello');
    expect(files.requests.at(-1)?.path).toBe(target);
  });

  it('S13 calls what the operator allows, on that port', async () => {
    const reply = await oneHop({ host: '127.0.0.1', port: files.port('http:'), protocol: 'http' });
    expect(reply.text).toBe('relay says hello');
    expect(files.requests.at(-1)?.headers.host).toBe(`127.0.0.1:${files.port('http:')}`);
  });
});
