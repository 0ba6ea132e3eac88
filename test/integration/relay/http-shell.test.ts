import { Agent, request } from 'node:https';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MAX_BODY_BYTES } from '../../../apps/relay/src/limits/budget.js';
import { INFO_REPLY, answer } from './node-stub.js';
import { call, openSocket, post, raw } from './https-client.js';
import { VectorNetwork, nodeVector } from './vector-network.js';

const INFO = '{"method":"info","params":{}}';
const SERVER = 'Oxen Storage Server/2.8.0';
const PUBLIC_KEY = Buffer.from(nodeVector('entry').ed25519_pubkey, 'hex').toString('base64');

describe('the public port of a relay', () => {
  let network: VectorNetwork;
  let port: number;
  const storage = () => network.relay('entry').node;

  beforeAll(async () => {
    network = await VectorNetwork.start(['entry']);
    port = network.relay('entry').httpsPort;
    await network.publish();
  });
  beforeEach(() => {
    storage().answerer = () => answer(200, 'json', INFO_REPLY);
  });
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await network.stop();
  });

  it('H1: tells its version', async () => {
    const reply = await call(port, 'GET', '/get_stats/v1');
    expect([reply.status, reply.headers['content-type'], reply.text]).toEqual([
      200,
      'application/json',
      '{"version":"2.8.0"}',
    ]);
  });

  it.each([
    ['H2', 'POST', '/get_stats/v1', 'post /get_stats/v1 Not Found'],
    ['H3', 'GET', '/onion_req/v2', 'get /onion_req/v2 Not Found'],
    ['H4', 'POST', '/onion_req/v1', 'post /onion_req/v1 Not Found'],
    ['H5', 'POST', '/swarms/ping_test/v1', 'post /swarms/ping_test/v1 Not Found'],
    ['http.get_root', 'GET', '/', 'get / Not Found'],
    ['http.get_storage_rpc', 'GET', '/storage_rpc/v1', 'get /storage_rpc/v1 Not Found'],
    ['http.options_storage_rpc', 'OPTIONS', '/storage_rpc/v1', 'options /storage_rpc/v1 Not Found'],
    ['http.trailing_slash', 'POST', '/storage_rpc/v1/', 'post /storage_rpc/v1/ Not Found'],
    ['a query', 'PUT', '/nope?x=1', 'put /nope Not Found'],
  ])('%s: has nothing at %s %s', async (_number, method, path, text) => {
    const reply = await call(port, method, path, method === 'POST' ? INFO : undefined);
    expect([reply.status, reply.reason, reply.text]).toEqual([404, 'Not Found', text]);
    expect([reply.headers.server, reply.headers['content-type']]).toEqual([SERVER, 'text/plain']);
  });

  it.each([
    ['H6', '', {}],
    ['H7', '', { host: 'abc.snode', 'content-type': 'application/octet-stream' }],
    ['H9', 'x'.repeat(1024), {}],
  ])('%s: answers the reachability test', async (_number, body, headers) => {
    const reply = await post(port, '/ping_test/v1', body, { headers });
    expect([reply.status, reply.text, reply.headers['content-length']]).toEqual([200, '', '0']);
    expect(reply.headers['x-oxen-snode-pubkey']).toBe(PUBLIC_KEY);
    expect([reply.headers.server, reply.headers['content-type']]).toEqual([SERVER, 'text/plain']);
  });

  it('H12, http.body_too_large: refuses an announced body above 10 MiB and closes', async () => {
    const reply = await raw(
      port,
      `POST /storage_rpc/v1 HTTP/1.1\r\nHost: x\r\nContent-Length: ${MAX_BODY_BYTES + 1}\r\n\r\n`,
    );
    expect(reply).toMatch(
      /^HTTP\/1\.1 413 Payload Too Large\r\nServer: Oxen Storage Server\/2\.8\.0\r\nContent-Type: text\/plain\r\n/,
    );
    expect(reply).toMatch(/\r\nConnection: close\r\n/);
    expect(reply.endsWith('\r\n\r\nRequest body too large')).toBe(true);
  });

  it('H13: takes a body of exactly 10 MiB', async () => {
    const reply = await post(port, '/onion_req/v2', Buffer.alloc(MAX_BODY_BYTES));
    expect(reply.status).toBe(400);
    expect(reply.text).toMatch(/^Error parsing onion request: /);
  });

  it('H14: counts chunks, and closes past 10 MiB', async () => {
    const chunk = `100000\r\n${'x'.repeat(0x10_0000)}\r\n`; // 1 MiB
    const head = 'POST /onion_req/v2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
    const reply = await raw(port, `${head}${chunk.repeat(11)}`);
    expect(reply).toMatch(/^HTTP\/1\.1 413 Payload Too Large\r\n/);
    expect(reply.endsWith('Request body too large')).toBe(true);
  });

  it('H15, http.longpoll_header: refuses long polling', async () => {
    const reply = await post(port, '/storage_rpc/v1', INFO, { headers: { 'X-Loki-Long-Poll': 'true' } });
    expect([reply.status, reply.reason]).toEqual([410, 'Gone']);
    expect(reply.text).toBe('long polling is no longer supported, client upgrade required');
    expect((await post(port, '/storage_rpc/v1', INFO, { headers: { 'X-Loki-Long-Poll': '' } })).status).toBe(200);
  });

  it('H17: does not count quick onions against anyone', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 20, rejectUnauthorized: false });
    const replies = await Promise.all(Array.from({ length: 601 }, () => post(port, '/onion_req/v2', '', { agent })));
    agent.destroy();
    expect(new Set(replies.map((reply) => reply.status))).toEqual(new Set([400]));
  });

  it.each([
    ['H19 json', answer(200, 'json', INFO_REPLY), 'application/json'],
    ['H19 text', answer(401, 'text', 'retrieve: request signature required'), 'text/plain'],
    ['H19 bytes', answer(200, 'binary', Uint8Array.of(0, 255)), 'application/octet-stream'],
    ['421', answer(421, 'json', '{"snodes":[]}'), 'application/json'],
  ])('%s: passes on what storage answers', async (_number, stored, contentType) => {
    storage().answerer = () => stored;
    const reply = await post(port, '/storage_rpc/v1', INFO);
    expect([reply.status, reply.headers['content-type'], reply.headers.server]).toEqual([
      stored.status,
      contentType,
      SERVER,
    ]);
    expect([...reply.body]).toEqual([...stored.body]);
  });

  it.each([
    [421, 'Misdirected Request'],
    [502, 'Bad Gateway'],
  ])('H20: names status %i', async (status, reason) => {
    storage().answerer = () => answer(status, 'text', 'x');
    expect((await post(port, '/storage_rpc/v1', INFO)).reason).toBe(reason);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('H21: speaks %s', async (version) => {
    const options = { minVersion: version, maxVersion: version };
    expect((await post(port, '/storage_rpc/v1', INFO, options)).text).toBe(INFO_REPLY);
  });

  it('H21: refuses older TLS', async () => {
    await expect(post(port, '/storage_rpc/v1', INFO, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })).rejects.toThrow();
  });

  it('H22: keeps a connection for more', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
    const ports = new Set<number | undefined>();
    for (const path of ['/storage_rpc/v1', '/ping_test/v1', '/nope', '/onion_req/v2']) {
      const reply = await new Promise<number | undefined>((resolve, reject) => {
        const outgoing = request({ host: '127.0.0.1', port, path, method: 'POST', agent }, (incoming) => {
          incoming.resume().on('end', () => resolve(outgoing.socket?.localPort));
        });
        outgoing.on('error', reject).end(INFO);
      });
      ports.add(reply);
    }
    agent.destroy();
    expect(ports.size).toBe(1);
  });

  it('H22: answers pipelined requests in order', async () => {
    const one = `POST /storage_rpc/v1 HTTP/1.1\r\nHost: x\r\nContent-Length: ${INFO.length}\r\n\r\n${INFO}`;
    const two = await raw(port, one + one, (received) => received.split(INFO_REPLY).length === 3);
    expect(two.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  });

  it.each([
    ['H23 no type', {}],
    ['H23 json', { 'content-type': 'application/json; charset=utf-8' }],
    ['http.origin_header', { origin: 'https://example.org' }],
    ['an expectation', { expect: '100-continue' }],
  ])('%s: does not look at headers', async (_number, headers) => {
    const reply = await post(port, '/storage_rpc/v1', INFO, { headers });
    expect([reply.status, reply.text]).toEqual([200, INFO_REPLY]);
    expect(reply.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('http.query_string, http.chunked: ignores a query, takes chunks', async () => {
    expect((await post(port, '/storage_rpc/v1?x=1', INFO)).text).toBe(INFO_REPLY);
    const chunked = `POST /storage_rpc/v1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1d\r\n${INFO}\r\n0\r\n\r\n`;
    expect(await raw(port, chunked, (received) => received.endsWith(INFO_REPLY))).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(Buffer.from(storage().calls.at(-1)?.body ?? []).toString()).toBe(INFO);
  });

  it('http.no_content_length: hands an empty body over like any other', async () => {
    storage().answerer = () => answer(400, 'text', 'invalid json');
    const reply = await raw(port, 'POST /storage_rpc/v1 HTTP/1.1\r\nHost: x\r\n\r\n', (text) =>
      text.endsWith('invalid json'),
    );
    expect(reply).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  });

  it.each([
    [
      'http.bad_content_length',
      'POST /storage_rpc/v1 HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n',
      400,
      'invalid Content-Length',
    ],
    ['http.garbage', 'hello\r\n\r\n', 505, 'HTTP Version Not Supported\n'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      'invalid Content-Length',
    ],
    [
      'smuggling',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'Bad Request\n',
    ],
  ])('%s: is answered and cut off', async (_number, bytes, status, text) => {
    const reply = await raw(port, bytes);
    expect(reply).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(reply.endsWith(`\r\n\r\n${text}`)).toBe(true);
  });

  it('survives a client that leaves in the middle of its body', async () => {
    const socket = await openSocket(port, 'POST /onion_req/v2 HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc');
    socket.destroy();
    expect((await post(port, '/storage_rpc/v1', INFO)).status).toBe(200);
    expect(await network.relay('entry').metrics()).toMatch(/^relay_body_bytes_held 0$/m);
  });

  it('says in known words that storage does not answer', async () => {
    await storage().stopStorage();
    const reply = await post(port, '/storage_rpc/v1', INFO);
    storage().startStorage();
    expect([reply.status, reply.reason, reply.text]).toEqual([
      503,
      'Service Unavailable',
      'Server busy, try again later',
    ]);
  });
});
