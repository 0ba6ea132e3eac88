import { Agent, request } from 'node:https';
import { describe, expect, it } from '@jest/globals';
import { MAX_BODY_BYTES } from '../../../apps/relay/src/limits/budget.js';
import { call, post, raw } from '../../integration/relay/https-client.js';
import { INFO_REPLY, answer } from '../../integration/relay/node-stub.js';
import { Relays } from '../../integration/relay/relays.js';
import { nodeVector } from '../../integration/relay/vector-network.js';

const INFO = '{"method":"info","params":{}}';
const SERVER = 'Oxen Storage Server/2.8.0';
const PUBLIC_KEY = Buffer.from(nodeVector('entry').ed25519_pubkey, 'hex').toString('base64');

describe('the public port of a relay', () => {
  const relays = new Relays(['entry']);
  const storage = () => relays.relay('entry').node;

  it('H1 tells its version', async () => {
    const reply = await call(relays.port, 'GET', '/get_stats/v1');
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
  ])('%s has nothing at %s %s', async (_id, method, path, text) => {
    const reply = await call(relays.port, method, path, method === 'POST' ? INFO : undefined);
    expect([reply.status, reply.reason, reply.text]).toEqual([404, 'Not Found', text]);
    expect([reply.headers.server, reply.headers['content-type']]).toEqual([SERVER, 'text/plain']);
  });

  it.each([
    ['H6', 'an empty body', '', {}],
    ['H7', 'the name of a node', '', { host: 'abc.snode', 'content-type': 'application/octet-stream' }],
    ['H9', '1 KiB', 'x'.repeat(1024), {}],
  ])('%s answers the reachability test with %s', async (_id, _what, body, headers) => {
    const reply = await post(relays.port, '/ping_test/v1', body, { headers });
    expect([reply.status, reply.text, reply.headers['content-length']]).toEqual([200, '', '0']);
    expect(reply.headers['x-oxen-snode-pubkey']).toBe(PUBLIC_KEY);
    expect([reply.headers.server, reply.headers['content-type']]).toEqual([SERVER, 'text/plain']);
  });

  it.each(['/onion_req/v2', '/storage_rpc/v1'])('H12 refuses a body above 10 MiB for %s and closes', async (path) => {
    const reply = await raw(
      relays.port,
      `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${MAX_BODY_BYTES + 1}\r\n\r\n`,
    );
    expect(reply).toMatch(
      /^HTTP\/1\.1 413 Payload Too Large\r\nServer: Oxen Storage Server\/2\.8\.0\r\nContent-Type: text\/plain\r\n/,
    );
    expect(reply).toMatch(/\r\nConnection: close\r\n/);
    expect(reply.endsWith('\r\n\r\nRequest body too large')).toBe(true);
  });

  it('H13 takes a body of exactly 10 MiB', async () => {
    const reply = await post(relays.port, '/onion_req/v2', Buffer.alloc(MAX_BODY_BYTES));
    expect([reply.status, reply.reason]).toEqual([400, 'Bad Request']);
    expect(reply.text).toMatch(/^Error parsing onion request: /);
  });

  it('H14 counts chunks, and closes past 10 MiB', async () => {
    const chunk = `100000\r\n${'x'.repeat(0x10_0000)}\r\n`; // 1 MiB
    const head = 'POST /onion_req/v2 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n';
    const reply = await raw(relays.port, `${head}${chunk.repeat(11)}`);
    expect(reply).toMatch(/^HTTP\/1\.1 413 Payload Too Large\r\n/);
    expect(reply).toMatch(/\r\nConnection: close\r\n/);
    expect(reply.endsWith('Request body too large')).toBe(true);
  });

  it('H15 refuses long polling, unless the header is empty', async () => {
    const reply = await post(relays.port, '/storage_rpc/v1', INFO, { headers: { 'X-Loki-Long-Poll': '1' } });
    expect([reply.status, reply.reason]).toEqual([410, 'Gone']);
    expect(reply.text).toBe('long polling is no longer supported, client upgrade required');
    expect((await post(relays.port, '/storage_rpc/v1', INFO, { headers: { 'X-Loki-Long-Poll': '' } })).status).toBe(
      200,
    );
  });

  it.each([
    ['JSON', answer(200, 'json', INFO_REPLY), 'application/json'],
    ['a text', answer(401, 'text', 'retrieve: request signature required'), 'text/plain'],
    ['bytes', answer(200, 'binary', Uint8Array.of(0, 255)), 'application/octet-stream'],
    ['JSON of another status', answer(421, 'json', '{"snodes":[]}'), 'application/json'],
  ])('H19 says that it answers %s', async (_what, stored, contentType) => {
    storage().answerer = () => stored;
    const reply = await post(relays.port, '/storage_rpc/v1', INFO);
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
  ])('H20 gives status %i its phrase', async (status, reason) => {
    storage().answerer = () => answer(status, 'text', 'x');
    expect((await post(relays.port, '/storage_rpc/v1', INFO)).reason).toBe(reason);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('H21 speaks %s', async (version) => {
    const options = { minVersion: version, maxVersion: version };
    expect((await post(relays.port, '/storage_rpc/v1', INFO, options)).text).toBe(INFO_REPLY);
  });

  it('H21 speaks no older TLS', async () => {
    await expect(
      post(relays.port, '/storage_rpc/v1', INFO, { maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }),
    ).rejects.toThrow();
  });

  it('H22 keeps a connection for more', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
    const ports = new Set<number | undefined>();
    for (const path of ['/storage_rpc/v1', '/ping_test/v1', '/nope', '/onion_req/v2']) {
      const used = await new Promise<number | undefined>((resolve, reject) => {
        const outgoing = request({ host: '127.0.0.1', port: relays.port, path, method: 'POST', agent }, (incoming) => {
          incoming.resume().on('end', () => resolve(outgoing.socket?.localPort));
        });
        outgoing.on('error', reject).end(INFO);
      });
      ports.add(used);
    }
    agent.destroy();
    expect(ports.size).toBe(1);
  });

  it('H22 answers pipelined requests in order', async () => {
    const one = `POST /storage_rpc/v1 HTTP/1.1\r\nHost: x\r\nContent-Length: ${INFO.length}\r\n\r\n${INFO}`;
    const two = await raw(relays.port, one + one, (received) => received.split(INFO_REPLY).length === 3);
    expect(two.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  });

  it.each([
    ['no content type', {}],
    ['the content type of Android', { 'content-type': 'application/json; charset=utf-8' }],
  ])('H23 handles %s alike', async (_what, headers) => {
    const reply = await post(relays.port, '/onion_req/v2', 'abc', { headers });
    expect([reply.status, reply.text]).toEqual([
      400,
      'Error parsing onion request: Unexpected payload size; expected ciphertext size',
    ]);
  });
});

describe('the public port of a relay that does not serve', () => {
  const relays = new Relays(['entry'], { areToldOfNetwork: false });

  const expectRefusal = async (path: string, reason: string): Promise<void> => {
    const reply = await post(relays.port, path, INFO);
    const { status, reason: phrase, text, headers } = reply;
    expect([status, phrase, text]).toEqual([503, 'Service Unavailable', `Service node is not ready: ${reason}\n`]);
    expect([headers.server, headers['content-type']]).toEqual([SERVER, 'text/plain']);
  };

  it('H8 answers the reachability test all the same', async () => {
    const reply = await post(relays.port, '/ping_test/v1', '');
    expect([reply.status, reply.text, reply.headers['x-oxen-snode-pubkey']]).toEqual([200, '', PUBLIC_KEY]);
  });

  it.each(['/onion_req/v2', '/storage_rpc/v1'])('H10 says at %s that it has no list yet', (path) =>
    expectRefusal(path, 'not done syncing'),
  );

  it.each(['/storage_rpc/v1', '/onion_req/v2'])('H11 says at %s that it leaves', async (path) => {
    relays.relay('entry').standing.shutDown();
    await expectRefusal(path, 'shutting down');
  });
});
