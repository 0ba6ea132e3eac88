import { describe, expect, it } from '@jest/globals';
import { INFO_REPLY, answer } from './node-stub.js';
import { Relays } from './relays.js';
import { call, openSocket, post, raw } from './https-client.js';

const INFO = '{"method":"info","params":{}}';
const SERVER = 'Oxen Storage Server/2.8.0';

describe('the public port of a relay', () => {
  const relays = new Relays(['entry']);
  const storage = () => relays.relay('entry').node;

  it.each([
    ['http.get_root', 'GET', '/', 'get / Not Found'],
    ['http.get_storage_rpc', 'GET', '/storage_rpc/v1', 'get /storage_rpc/v1 Not Found'],
    ['http.options_storage_rpc', 'OPTIONS', '/storage_rpc/v1', 'options /storage_rpc/v1 Not Found'],
    ['http.trailing_slash', 'POST', '/storage_rpc/v1/', 'post /storage_rpc/v1/ Not Found'],
    ['a query', 'PUT', '/nope?x=1', 'put /nope Not Found'],
  ])('%s: has nothing at %s %s', async (_number, method, path, text) => {
    const reply = await call(relays.port, method, path, method === 'POST' ? INFO : undefined);
    expect([reply.status, reply.reason, reply.text]).toEqual([404, 'Not Found', text]);
    expect([reply.headers.server, reply.headers['content-type']]).toEqual([SERVER, 'text/plain']);
  });

  it.each([
    ['http.origin_header', { origin: 'https://example.org' }],
    ['an expectation', { expect: '100-continue' }],
  ])('%s: does not look at headers', async (_number, headers) => {
    const reply = await post(relays.port, '/storage_rpc/v1', INFO, { headers });
    expect([reply.status, reply.text]).toEqual([200, INFO_REPLY]);
    expect(reply.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('http.query_string, http.chunked: ignores a query, takes chunks', async () => {
    expect((await post(relays.port, '/storage_rpc/v1?x=1', INFO)).text).toBe(INFO_REPLY);
    const chunked = `POST /storage_rpc/v1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1d\r\n${INFO}\r\n0\r\n\r\n`;
    expect(await raw(relays.port, chunked, (received) => received.endsWith(INFO_REPLY))).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(Buffer.from(storage().calls.at(-1)?.body ?? []).toString()).toBe(INFO);
  });

  it('http.no_content_length: hands an empty body over like any other', async () => {
    storage().answerer = () => answer(400, 'text', 'invalid json');
    const reply = await raw(relays.port, 'POST /storage_rpc/v1 HTTP/1.1\r\nHost: x\r\n\r\n', (text) =>
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
    ['a request to nobody', 'POST /ping_test/v1 HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc', 400, 'Bad Request\n'],
    [
      'a chunk that is large but for its contents',
      `POST /onion_req/v2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;${'x'.repeat(20_000)}\r\nabc\r\n0\r\n\r\n`,
      413,
      'Request body too large',
    ],
  ])('%s: is answered and cut off', async (_number, bytes, status, text) => {
    const reply = await raw(relays.port, bytes);
    expect(reply).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(reply).toContain(`\r\nServer: ${SERVER}\r\n`);
    expect(reply.endsWith(`\r\n\r\n${text}`)).toBe(true);
  });

  it('survives a client that leaves in the middle of its body', async () => {
    const socket = await openSocket(
      relays.port,
      'POST /onion_req/v2 HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc',
    );
    socket.destroy();
    expect((await post(relays.port, '/storage_rpc/v1', INFO)).status).toBe(200);
    expect(await relays.relay('entry').metrics()).toMatch(/^relay_body_bytes_held 0$/m);
  });

  it('says in known words that storage does not answer', async () => {
    await storage().stopStorage();
    const reply = await post(relays.port, '/storage_rpc/v1', INFO);
    storage().startStorage();
    expect([reply.status, reply.reason, reply.text]).toEqual([
      503,
      'Service Unavailable',
      'Server busy, try again later',
    ]);
  });
});
