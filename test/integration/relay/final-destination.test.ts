import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { hex } from '../../vectors/onion-vectors.js';
import { post } from './https-client.js';
import { INFO_REPLY, answer } from './node-stub.js';
import { ONION_PATH, ask } from './onion-client.js';
import { VectorNetwork, primitives, vectors } from './vector-network.js';

const INFO = '{"method":"info","params":{}}';
const PATH = ['entry', 'middle', 'exit'];

describe('the final destination of an onion', () => {
  let network: VectorNetwork;
  let port: number;
  const storage = () => network.relay('exit').node;

  beforeAll(async () => {
    network = await VectorNetwork.start(['entry', 'middle', 'exit', 'destination'], (name) =>
      name === 'exit' ? { limits: { entryMs: 1_500, hopMs: 1_500, marginMs: 100 } } : {},
    );
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

  it.each(vectors.onion_requests)('F1, F2, R17: $name goes all the way', async (vector) => {
    const last = vector.hops.at(-1);
    const end = network.relay(vector.path.at(-1) ?? '').node;
    const reply = await post(port, ONION_PATH, hex(vector.entry_body));
    expect([reply.status, reply.reason, reply.headers['content-type']]).toEqual([200, 'OK', 'text/plain']);

    const asBytes = vector.response.http_body !== undefined;
    const sealed = asBytes ? reply.body : Buffer.from(reply.text, 'base64');
    if (!asBytes) expect(sealed.toString('base64')).toBe(reply.text);
    const key = hex(vector.response.key);
    const plaintext =
      vector.response.enc_type === 'xchacha20'
        ? primitives.xchacha20Poly1305Open(key, sealed.subarray(0, 24), sealed.subarray(24))
        : primitives.aes256GcmOpen(key, sealed.subarray(0, 12), sealed.subarray(12));
    const wanted =
      last?.action.type === 'final-destination' && last.action.json_flag
        ? `{"body":${INFO_REPLY},"status":200}`
        : JSON.stringify({ body: INFO_REPLY, status: 200 });
    expect(Buffer.from(plaintext ?? []).toString()).toBe(wanted);

    const call = end.calls.at(-1);
    expect([call?.source, call?.method]).toEqual(['client', null]);
    expect(last?.action.type === 'final-destination' && last.action.rpc_body).toBe(
      Buffer.from(call?.body ?? []).toString(),
    );
  });

  it('F3: sends bytes when base64 is refused, and a string inside', async () => {
    const reply = await ask(port, PATH, INFO, { control: { headers: '', base64: false } });
    expect(reply.inner).toBe(JSON.stringify({ body: INFO_REPLY, status: 200 }));
    expect(reply.headers['content-type']).toBe('text/plain');
  });

  it.each([
    ['F4', 400, 'text', 'invalid json'],
    ['F7', 400, 'text', 'no method nope'],
    ['F9', 421, 'json', '{"snodes":[],"swarm":"2000000000000000"}'],
    ['F10', 406, 'text', 'retrieve timestamp too far from current time'],
    ['a text with letters', 400, 'text', 'no method "ключ"\n'],
  ] as const)('%s: wraps what storage says', async (_number, status, kind, body) => {
    storage().answerer = () => answer(status, kind, body);
    expect((await ask(port, PATH, 'x')).inner).toBe(JSON.stringify({ body, status }));
  });

  it('F8: hands over an empty body like any other', async () => {
    await ask(port, PATH, '');
    expect(storage().calls.at(-1)?.body).toHaveLength(0);
  });

  it('onion.json_true_error: keeps a text a string when JSON is asked for', async () => {
    storage().answerer = () => answer(400, 'text', 'invalid json');
    const reply = await ask(port, PATH, 'junk', { control: { headers: {}, json: true } });
    expect(reply.inner).toBe('{"body":"invalid json","status":400}');
  });

  it('F14: carries bytes as base64', async () => {
    storage().answerer = () => answer(200, 'binary', Buffer.alloc(51, 7));
    expect((await ask(port, PATH, INFO)).inner).toBe(
      `{"body":"${Buffer.alloc(51, 7).toString('base64')}","status":200}`,
    );
  });

  it('F15: never repeats a nonce', async () => {
    const replies = await Promise.all([ask(port, PATH, INFO), ask(port, PATH, INFO)]);
    const nonces = replies.map((reply) => Buffer.from(reply.text, 'base64').subarray(0, 24).toString('hex'));
    expect(new Set(nonces).size).toBe(2);
  });

  it('F16: carries a page of 7.8 MB', async () => {
    const page = JSON.stringify({ data: 'A'.repeat(7_800_000) });
    storage().answerer = () => answer(200, 'json', page);
    expect(JSON.parse((await ask(port, PATH, INFO)).inner ?? '')).toEqual({ body: page, status: 200 });
  });

  it('F13: says inside the reply that storage does not answer', async () => {
    await storage().stopStorage();
    const reply = await ask(port, PATH, INFO);
    storage().startStorage();
    expect([reply.status, reply.inner]).toEqual([200, '{"body":"Snode not ready","status":503}']);
  });

  it('F13: says the same of a storage that takes too long', async () => {
    storage().answerer = () => new Promise(() => undefined);
    expect((await ask(port, PATH, INFO)).inner).toBe('{"body":"Snode not ready","status":503}');
  });

  it('gives each hop less time than the one before', async () => {
    await ask(port, ['entry', 'middle'], INFO);
    const budgetMs = network.relay('middle').node.calls.at(-1)?.budgetMs ?? 0;
    expect(budgetMs).toBeGreaterThan(7_000);
    expect(budgetMs).toBeLessThan(8_600);
  });

  it('a pure forward asks nobody on its own bus', async () => {
    const before = network.relay('middle').node.calls.length;
    await ask(port, PATH, INFO);
    expect(network.relay('middle').node.calls).toHaveLength(before);
  });
});
