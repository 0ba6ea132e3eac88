import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { answer, INFO_REPLY } from './node-stub.js';
import { call, raw } from './https-client.js';
import { StreamClient } from './stream-client.js';
import { nodeVector, record, VectorNetwork } from './vector-network.js';

const BUSY = ['503', 'Server busy, try again later'];

describe('a stream', () => {
  let network: VectorNetwork;
  let port: number;
  const clients: StreamClient[] = [];
  const storage = () => network.relay('entry').node;

  beforeAll(async () => {
    network = await VectorNetwork.start(['entry'], () => ({ limits: { entryMs: 2_000 } }));
    port = network.relay('entry').httpsPort;
    await network.publish([record(nodeVector('middle'), {})]);
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
    storage().answerer = () => answer(200, 'json', INFO_REPLY);
  });
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await network.stop();
  });

  const open = async (): Promise<StreamClient> => {
    const client = await StreamClient.open(port);
    clients.push(client);
    return client;
  };

  it('names the server like every other answer of the port', async () => {
    expect((await open()).headers.server).toBe('Oxen Storage Server/2.8.0');
  });

  it.each([
    ['20: no part', [], ''],
    ['21: bencode', ['de'], 'de'],
    ['JSON', ['{"a":1}'], '{"a":1}'],
  ])('hands a request with %s to storage as it came, and gives one part back', async (_what, parts, body) => {
    expect(await (await open()).texts('storage.info', ...parts)).toEqual([INFO_REPLY]);
    const last = storage().calls.at(-1);
    expect([last?.source, last?.method, Buffer.from(last?.body ?? []).toString()]).toEqual(['stream', 'info', body]);
  });

  it('gives bytes as they are, and another status in a part of its own', async () => {
    const client = await open();
    const bytes = Buffer.from([0, 1, 0xff, 0x65]);
    storage().answerer = () => answer(200, 'binary', bytes);
    expect(await client.ask('storage.active_nodes_bin')).toEqual([bytes]);
    storage().answerer = () => answer(421, 'json', 'd5:swarm1:0e');
    expect(await client.texts('storage.retrieve', 'de')).toEqual(['421', 'd5:swarm1:0e']);
  });

  it('23: wants at most one part', async () => {
    const wrong = ['400', 'Invalid request: expected 1 message parts, received 2'];
    expect(await (await open()).texts('storage.info', 'de', 'de')).toEqual(wrong);
  });

  it('answers each request under its tag, in whatever order storage does', async () => {
    const client = await open();
    const release: (() => void)[] = [];
    const both = new Promise<void>((resolve) => {
      storage().answerer = ({ body }) =>
        new Promise((reply) => {
          release.push(() => reply(answer(200, 'json', body)));
          if (release.length === 2) resolve();
        });
    });
    const answers = [client.texts('storage.info', '{"a":1}'), client.texts('storage.info', '{"a":2}')];
    await both;
    for (const go of release.reverse()) go();
    expect(await Promise.all(answers)).toEqual([['{"a":1}'], ['{"a":2}']]);
  });

  it.each([
    ['N3', 'storage.nope', 'UNKNOWNCOMMAND'],
    ['N3', 'storage.toString', 'UNKNOWNCOMMAND'],
    ['N3', 'nope', 'UNKNOWNCOMMAND'],
    ['N3', 'x'.repeat(100_000), 'UNKNOWNCOMMAND'],
    ['N2', 'sn.storage_cc', 'FORBIDDEN_SN'],
    ['N2', 'sn.anything', 'FORBIDDEN_SN'],
  ])('%s: refuses a command under its tag', async (_case, command, code) => {
    const client = await open();
    const [first, ...rest] = await client.texts(command);
    expect([first, ...rest]).toEqual([code, 'REPLY', 't1']);
  });

  it.each([
    ['storage.info', ['NO_REPLY_TAG', 'storage.info']],
    ['storage.nope', ['UNKNOWNCOMMAND', 'storage.nope']],
    ['sn.ping', ['FORBIDDEN_SN', 'sn.ping']],
    ['HI', ['HELLO']],
  ])('answers %s without a tag', async (command, expected) => {
    const client = await open();
    const pushed = client.nextPushText();
    client.send(command);
    expect(await pushed).toEqual(expected);
  });

  it('asks for nothing, so a reply is passed over, and BYE ends it', async () => {
    const client = await open();
    client.send('REPLY', 'x', 'y');
    expect(await client.texts('storage.info')).toEqual([INFO_REPLY]);
    client.send('BYE');
    expect(await client.ended).toEqual({ code: 1000, reason: '' });
    expect(client.pushed).toEqual([]);
  });

  it.each(['', 'hello', 'le', 'd1:a1:be', `l${'0:'.repeat(65)}e`])(
    'ends after what is no message: %j',
    async (text) => {
      const client = await open();
      client.socket.send(text);
      expect(await client.ended).toEqual({ code: 1003, reason: 'a message is a bencoded list of byte strings' });
    },
  );

  it('ends after a message beyond 10 MiB', async () => {
    const client = await open();
    client.socket.send(Buffer.alloc(10 * 1024 * 1024 + 1));
    expect((await client.ended).code).toBe(1009);
  });

  it('says in known words that storage does not answer', async () => {
    await storage().stopStorage();
    expect(await (await open()).texts('storage.info')).toEqual(BUSY);
    storage().startStorage();
  });

  it('counts what it does, and names nobody', async () => {
    await (await open()).ask('storage.info');
    const text = await network.relay('entry').metrics();
    expect(text).toMatch(/^relay_stream_connections 1$/m);
    expect(text).toMatch(/^relay_stream_endings_total\{reason="unreadable"\} [1-9]/m);
    expect(text).toMatch(/^relay_rpc_total\{source="client",status="2xx"\} [1-9]/m);
    expect(text + JSON.stringify(network.relay('entry').log.lines)).not.toContain('127.0.0.1');
  });
});

describe('the way to a stream', () => {
  let network: VectorNetwork;
  let port: number;
  beforeAll(async () => {
    network = await VectorNetwork.start(['entry']);
    port = network.relay('entry').httpsPort;
  });
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await network.stop();
  });

  const SOCKET_HEADERS =
    'Host: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
  const words = (text: string): string[] => [text.split('\r\n', 1).join(), text.slice(text.indexOf('\r\n\r\n') + 4)];

  it('is closed while the node does not serve, in the words of the port', async () => {
    const refused = await raw(port, `GET /stream/v1 HTTP/1.1\r\n${SOCKET_HEADERS}\r\n`);
    expect(words(refused)).toEqual([
      'HTTP/1.1 503 Service Unavailable',
      'Service node is not ready: not done syncing\n',
    ]);
    expect(refused).toContain('\r\nServer: Oxen Storage Server/2.8.0\r\n');
  });

  it('is open as soon as it does, and answers what is no upgrade like any other path', async () => {
    await network.publish([record(nodeVector('middle'), {})]);
    (await StreamClient.open(port)).close();
    const reply = await call(port, 'GET', '/stream/v1');
    expect([reply.status, reply.text]).toEqual([404, 'get /stream/v1 Not Found']);
  });

  it('is refused with a bad handshake', async () => {
    const bad = SOCKET_HEADERS.replace('AAAAAAAAAAAAAAAAAAAAAA==', 'short');
    const refused = await raw(port, `GET /stream/v1 HTTP/1.1\r\n${bad}\r\n`);
    expect(words(refused)).toEqual(['HTTP/1.1 400 Bad Request', 'Bad Request\n']);
  });

  it.each([
    ['GET', '/nope', 404, 'get /nope Not Found'],
    ['POST', '/stream/v1', 404, 'post /stream/v1 Not Found'],
    ['POST', '/storage_rpc/v1', 200, INFO_REPLY],
  ])(
    'leaves a wish to upgrade at %s %s alone, and answers the request, again and again',
    async (method, path, ...reply) => {
      const body = '{"method":"info","params":{}}';
      const headers = { Connection: 'Upgrade', Upgrade: 'h2c' };
      for (let time = 0; time < 3; time++) {
        const { status, text } = await call(port, method, path, body, { headers });
        expect([status, text]).toEqual(reply);
      }
    },
  );

  it('can be gone without on a connection that asks for it with every request', async () => {
    const request = 'GET /nope HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n';
    const notFounds = (text: string): number => text.split('get /nope Not Found').length - 1;
    const replies = await raw(port, request.repeat(15), (text) => notFounds(text) === 15);
    expect(notFounds(replies)).toBe(15);
  });
});
