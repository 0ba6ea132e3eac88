import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { joinPayload, noblePrimitives, type FinalControl } from '#protocol';
import { post, type Reply } from '../../integration/relay/https-client.js';
import { Layer, ONION_PATH } from '../../integration/relay/onion-client.js';
import { OutsideStub } from '../../integration/relay/outside-stub.js';
import { nodeVector, vectors } from '../../integration/relay/vector-network.js';
import { hex } from '../../vectors/onion-vectors.js';
import { GONE, HEIGHT, OTHER_SWARM, RESTING, RunningNodes, type Inner } from './running-nodes.js';
import { openVectorReply } from './vector-reply.js';

const START_TIMEOUT_MS = 240_000;
const PATH = ['entry', 'middle', 'exit', 'destination'];
const INFO = { method: 'info', params: {} };
const HF: unknown = expect.arrayContaining([expect.any(Number), expect.any(Number)]);
const A_NUMBER: unknown = expect.any(Number);
const AN_INFO = { hf: HF, t: A_NUMBER, timestamp: A_NUMBER, version: [2, 8, 0] };
const TARGET = '/oxen/v4/lsrpc';
const MIB = 1024 * 1024;
/** Key 32, swarm 8, address 4, two ports of 2, version 3. */
const RECORD_BYTES = 51;

describe('running nodes', () => {
  const server = new OutsideStub('files.example.org');
  let nodes: RunningNodes;

  beforeAll(async () => {
    await server.start();
    nodes = await RunningNodes.start(server.port('http:'));
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await server.stop();
    await nodes.stop();
  }, START_TIMEOUT_MS);

  /** Through three nodes to a fourth. */
  const through = (payload: unknown, control?: FinalControl): Promise<Inner> => nodes.through(PATH, payload, control);
  const bodyOf = async (payload: unknown): Promise<Record<string, unknown>> => {
    const { status, body } = await through(payload);
    expect([status, typeof body]).toEqual([200, 'string']);
    return JSON.parse(body as string) as Record<string, unknown>;
  };

  const idOf: Readonly<Record<string, string>> = { 'mixed-enc-types-with-cbc': 'R17', 'two-nodes-start-hop-14': 'R13' };
  const rows = vectors.onion_requests.map((vector) => [idOf[vector.name] ?? 'F1', vector.name, vector] as const);
  it.each(rows)('%s answer %s', async (_id, _name, vector) => {
    const reply = await post(nodes.port, ONION_PATH, hex(vector.entry_body));
    expect([reply.status, reply.headers['content-type']]).toEqual([200, 'text/plain']);
    const { status, body } = JSON.parse(openVectorReply(vector, reply)) as Inner;
    const last = vector.hops.at(-1)?.action;
    if (last?.type !== 'final-destination') throw new Error('the vector does not end at a node');
    const answer = last.rpc_body.includes('"batch"') ? { results: [{ body: AN_INFO, code: 200 }] } : AN_INFO;
    expect([status, last.json_flag ? body : JSON.parse(body as string)]).toEqual([200, answer]);
  });

  it('F2 embed JSON when they are asked to, as bytes', async () => {
    expect(await through(INFO, { headers: '', json: true, base64: false })).toEqual({ status: 200, body: AN_INFO });
  });

  it.each([
    ['F4', 'no JSON', 'method=info', 400, 'invalid json'],
    ['F8', 'nothing', '', 400, 'invalid json'],
    ['F5', 'no method', { params: {} }, 400, 'invalid json: no `method` field'],
    ['F6', 'no params', { method: 'info' }, 400, 'invalid json: no `params` field'],
    ['F6', 'a list as params', { method: 'info', params: [] }, 400, 'invalid json: no `params` field'],
    ['F7', 'an unknown method', { method: 'nope', params: {} }, 400, 'no method nope'],
  ])('%s refuse %s inside the reply', async (_id, _what, payload, status, body) => {
    expect(await through(payload)).toEqual({ status, body });
    expect(await through(payload, { headers: {}, json: true })).toEqual({ status, body }); // a text stays a text
  });

  it('F9 name the right swarm to whoever asks in the wrong one', async () => {
    const pubkey = await nodes.account(false);
    const { status, body } = await through({ method: 'retrieve', params: { pubkey, namespace: -10 } });
    expect([status, JSON.parse(body as string)]).toEqual([
      421,
      {
        hf: HF,
        snodes: expect.arrayContaining([
          expect.objectContaining({ pubkey_ed25519: nodes.node('other').ed25519 }),
        ]) as unknown,
        swarm: OTHER_SWARM,
        t: A_NUMBER,
      },
    ]);
  });

  it('F10 refuse a request that was signed 61 s ago', async () => {
    const params = { pubkey: await nodes.account(true), timestamp: Date.now() - 61_000, signature: 'A'.repeat(86) };
    expect(await through({ method: 'retrieve', params })).toEqual({
      status: 406,
      body: 'retrieve timestamp too far from current time',
    });
  });

  it('F11 ignore what a request has besides', async () => {
    expect(await bodyOf({ jsonrpc: '2.0', id: 7, other: { deep: [1] }, ...INFO })).toEqual(AN_INFO);
  });

  it('F12 answer twenty requests in one, and no more', async () => {
    const batch = (count: number) => ({
      method: 'batch',
      params: { requests: Array.from({ length: count }, () => INFO) },
    });
    const { results } = (await bodyOf(batch(20))) as { results: unknown };
    expect(results).toEqual(Array.from({ length: 20 }, () => ({ body: AN_INFO, code: 200 })));
    const refused = await through(batch(21));
    expect([refused.status, String(refused.body).slice(0, 17)]).toEqual([400, 'invalid request: ']);
  });

  it('F14 list every node in 51 bytes', async () => {
    const { status, body } = await through({ method: 'active_nodes_bin', params: {} });
    const records = Buffer.from(String(body), 'base64');
    expect([status, records.toString('base64'), records.length]).toEqual([200, body, 6 * RECORD_BYTES]);
    const keys = Array.from({ length: 6 }, (_, i) => records.toString('hex', i * RECORD_BYTES, i * RECORD_BYTES + 32));
    expect(keys).toContain(nodeVector('entry').ed25519_pubkey);
    const entry = records.subarray(keys.indexOf(nodeVector('entry').ed25519_pubkey) * RECORD_BYTES);
    expect(entry.toString('hex', 32, 44)).toBe('20000000000000007f000001');
    const { https_port: httpsPort, peer_port: peerPort } = nodes.node('entry').info;
    expect([entry.readUInt16BE(44), entry.readUInt16BE(46), ...entry.subarray(48, 51)]).toEqual([
      httpsPort,
      peerPort,
      ...AN_INFO.version,
    ]);
  });

  it('F15 never repeat a nonce', async () => {
    const body = hex(vectors.onion_requests[0]?.entry_body ?? '');
    const replies = await Promise.all(Array.from({ length: 20 }, () => post(nodes.port, ONION_PATH, body)));
    const nonces = replies.map(({ text }) => Buffer.from(text, 'base64').subarray(0, 24).toString('hex'));
    expect(new Set(nonces).size).toBe(20);
  });

  it('F16 carry a page of more than 1 MiB', async () => {
    const pubkey = await nodes.account(true);
    const texts = Array.from({ length: 20 }, () => randomBytes(70_000).toString('base64'));
    for (const data of texts) {
      const params = { pubkey, namespace: -10, timestamp: Date.now(), ttl: 60_000, data };
      expect((await nodes.rpc('destination', 'store', params)).status).toBe(200);
    }
    const page = await bodyOf({ method: 'retrieve', params: { pubkey, namespace: -10, max_size: -1 } });
    const messages = page.messages as { data: string }[];
    expect(messages.map(({ data }) => data)).toEqual(texts);
    expect(JSON.stringify(page).length).toBeGreaterThan(MIB);
  });

  it('R2 name a node that is in no list', async () => {
    const control = { destination: 'AB'.repeat(32), ...new Layer('middle').opener };
    const { status, reason, text } = await post(nodes.port, ONION_PATH, new Layer('entry').frame('x', control));
    expect([status, reason, text]).toEqual([502, 'Bad Gateway', `Next node not found: ${'ab'.repeat(32)}`]);
  });

  it('R11 have the words of a silent node for one that nobody runs, two hops away', async () => {
    const inner = new Layer('middle');
    const sealed = inner.seal(
      joinPayload(Buffer.alloc(64), JSON.stringify({ destination: nodes.node(GONE).ed25519, ...inner.opener })),
    );
    const control = { destination: nodeVector('middle').ed25519_pubkey, ...inner.opener };
    const { status, reason, text } = await post(nodes.port, ONION_PATH, new Layer('entry').frame(sealed, control));
    expect([status, reason, text]).toEqual([504, 'Gateway Timeout', 'Request time out']);
  });

  it('R4 forward to a node that lost its place, which names itself', async () => {
    const control = { destination: nodes.node(RESTING).ed25519, ...new Layer('middle').opener };
    const { status, text } = await post(nodes.port, ONION_PATH, new Layer('entry').frame('x', control));
    expect([status, text]).toEqual([503, `Snode not ready: ${nodes.node(RESTING).ed25519}`]);
  });

  it('R18 work on themselves when they are the next node', async () => {
    const path = ['entry', 'entry', 'middle', 'entry'];
    expect(JSON.parse((await nodes.through(path, INFO)).body as string)).toEqual(AN_INFO);
  });

  /** To this machine's server, over two hops. */
  const toServer = (control: object): { inner: Layer; sent: Uint8Array; reply: Promise<Reply> } => {
    const inner = new Layer('exit');
    const all = { host: '127.0.0.1', protocol: 'http', port: server.port('http:'), target: TARGET, ...control };
    const sent = joinPayload(Buffer.from('for the server'), JSON.stringify(all));
    const forward = { destination: nodeVector('exit').ed25519_pubkey, ...inner.opener };
    return { inner, sent, reply: post(nodes.port, ONION_PATH, new Layer('entry').frame(inner.seal(sent), forward)) };
  };

  it.each([
    ['S4', TARGET, 200, 200],
    ['S15', '/loki/v3/lsrpc', 200, 200],
    ['S5', TARGET, 400, 400],
    ['S6', TARGET, 425, 500],
    ['S10', TARGET, 302, 500],
  ])('%s post to a server at %s, and its %i comes back as %i', async (_id, target, status, expected) => {
    const answer = randomBytes(1_000);
    server.answer = (response) => response.writeHead(status, { location: `http://127.0.0.1/${TARGET}` }).end(answer);
    const before = server.requests.length;
    const { sent, reply } = toServer({ target });
    const { status: got, body, headers } = await reply;
    expect([got, headers['content-type'], body.equals(answer)]).toEqual([expected, 'text/plain', true]);
    expect(server.requests).toHaveLength(before + 1);
    const request = server.requests.at(-1);
    expect([request?.method, request?.path, request?.body.equals(sent)]).toEqual(['POST', target, true]);
    expect(request?.headers['content-type']).toBe('application/octet-stream');
  });

  it.each([
    { port: 1 },
    { host: '[::1]' },
    { host: 'user@127.0.0.1' },
    { host: '127.1' },
    { protocol: 'https', port: 443 },
  ])('S13 call nothing of their own network (%j)', async (control) => {
    const before = server.connections;
    const { inner, reply } = toServer(control);
    expect(inner.open(await reply)).toBe('{"body":"Invalid url","status":400}');
    expect(server.connections).toBe(before);
  });

  const FIELDS = ['public_ip', 'storage_port', 'pubkey_x25519', 'pubkey_ed25519'];
  const fields = Object.fromEntries([...FIELDS, 'requested_unlock_height', 'height'].map((name) => [name, true]));
  it('D1 list every node with all that Session Desktop wants', async () => {
    const { contentType, height, states } = await nodes.askSeed({ active_only: true, fields });
    expect([contentType, height, states.length]).toEqual(['application/json', HEIGHT, 6]);
    for (const state of states) {
      expect(state).toEqual({
        public_ip: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/) as unknown,
        storage_port: A_NUMBER,
        pubkey_x25519: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
        pubkey_ed25519: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
        requested_unlock_height: 0,
      });
    }
  });

  it('D3 list X25519 keys that follow from the Ed25519 keys', async () => {
    const { states } = await nodes.askSeed({ fields });
    expect(states).toHaveLength(7);
    for (const { pubkey_ed25519: ed25519, pubkey_x25519: x25519 } of states) {
      const converted = noblePrimitives.ed25519ToX25519(hex(String(ed25519)));
      expect(Buffer.from(converted ?? []).toString('hex')).toBe(x25519);
    }
  });

  it('D4 pass the test of a guard', async () => {
    const pubkey = `05${randomBytes(32).toString('hex')}`;
    const body = JSON.stringify({ jsonrpc: '2.0', method: 'get_swarm', params: { pubkey } });
    const headers = { 'user-agent': 'WhatsApp', 'accept-language': 'en-us' };
    const reply = await post(nodes.port, '/storage_rpc/v1', body, { headers, signal: AbortSignal.timeout(10_000) });
    expect([reply.status, reply.headers['content-type']]).toEqual([200, 'application/json']);
  });

  it('D5 give the list inside a request, and inside a batch', async () => {
    const wanted = Object.fromEntries(FIELDS.map((name) => [name, true]));
    const params = { endpoint: 'get_service_nodes', params: { active_only: true, fields: wanted } };
    const asked = { method: 'oxend_request', params };
    const alone = await bodyOf(asked);
    const { results } = (await bodyOf({ method: 'batch', params: { requests: [asked] } })) as {
      results: { code: number; body: Record<string, unknown> }[];
    };
    for (const { result } of [alone, results[0]?.body ?? {}] as { result: { service_node_states: object[] } }[]) {
      expect(result.service_node_states).toHaveLength(6);
      for (const state of result.service_node_states) expect(Object.keys(state).sort()).toEqual([...FIELDS].sort());
    }
    expect(results[0]?.code).toBe(200);
  });

  it('D6 tell the time', async () => {
    const before = Date.now();
    const { t } = await bodyOf(INFO);
    expect(t).toBeGreaterThanOrEqual(before - 1_000);
    expect(t).toBeLessThanOrEqual(Date.now() + 1_000);
  });
});
