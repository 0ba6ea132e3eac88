import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { relayLimits } from '../../../apps/relay/src/limits/budget.js';
import { Standing } from '../../../apps/relay/src/readiness/standing.js';
import { hex } from '../../vectors/onion-vectors.js';
import { openVectorReply } from './vector-reply.js';
import { post } from '../../integration/relay/https-client.js';
import { INFO_REPLY, answer } from '../../integration/relay/node-stub.js';
import { Relays } from '../../integration/relay/relays.js';
import { ONION_PATH, ask } from '../../integration/relay/onion-client.js';
import { VectorNetwork, nodeVector, vectors } from '../../integration/relay/vector-network.js';

const INFO = '{"method":"info","params":{}}';
/** What the sending side of the peer port keeps for the way. */
const TRAVEL_MS = 50;
const PATH = ['entry', 'middle', 'exit'];

describe('the final destination of an onion', () => {
  const relays = new Relays(['entry', 'middle', 'exit', 'destination']);
  const storage = () => relays.relay('exit').node;

  const idOf: Readonly<Record<string, string>> = {
    'json-embedded-binary-reply': 'F2',
    'mixed-enc-types-with-cbc': 'R17',
    'two-nodes-start-hop-14': 'R13',
  };
  const rows = vectors.onion_requests.map((vector) => [idOf[vector.name] ?? 'F1', vector.name, vector] as const);
  it.each(rows)('%s answers %s at the end of its path', async (_id, _name, vector) => {
    const last = vector.hops.at(-1);
    const end = relays.relay(vector.path.at(-1) ?? '').node;
    const reply = await post(relays.port, ONION_PATH, hex(vector.entry_body));
    expect([reply.status, reply.reason, reply.headers['content-type']]).toEqual([200, 'OK', 'text/plain']);

    const wanted =
      last?.action.type === 'final-destination' && last.action.json_flag
        ? `{"body":${INFO_REPLY},"status":200}`
        : JSON.stringify({ body: INFO_REPLY, status: 200 });
    expect(openVectorReply(vector, reply)).toBe(wanted);

    const call = end.calls.at(-1);
    expect([call?.source, call?.method]).toEqual(['client', null]);
    expect(last?.action.type === 'final-destination' && last.action.rpc_body).toBe(
      Buffer.from(call?.body ?? []).toString(),
    );
  });

  it('F3 sends bytes when base64 is refused, and a string inside', async () => {
    const reply = await ask(relays.port, PATH, INFO, { control: { headers: '', base64: false } });
    expect(reply.inner).toBe(JSON.stringify({ body: INFO_REPLY, status: 200 }));
    expect(reply.headers['content-type']).toBe('text/plain');
  });

  it.each([
    ['F4', 400, 'text', 'invalid json'],
    ['F5', 400, 'text', 'invalid json: no `method` field'],
    ['F6', 400, 'text', 'invalid json: no `params` field'],
    ['F7', 400, 'text', 'no method nope'],
    ['F7', 400, 'text', 'no method "ключ"\n'],
    ['F9', 421, 'json', '{"snodes":[],"swarm":"2000000000000000"}'],
    ['F10', 406, 'text', 'retrieve timestamp too far from current time'],
  ] as const)('%s wraps the status %i and the %s of storage', async (_id, status, kind, body) => {
    storage().answerer = () => answer(status, kind, body);
    expect((await ask(relays.port, PATH, 'x')).inner).toBe(JSON.stringify({ body, status }));
  });

  it('F8 hands over an empty body like any other', async () => {
    await ask(relays.port, PATH, '');
    expect(storage().calls.at(-1)?.body).toHaveLength(0);
  });

  it('F2 keeps a text a string when JSON is asked for', async () => {
    storage().answerer = () => answer(400, 'text', 'invalid json');
    const reply = await ask(relays.port, PATH, 'junk', { control: { headers: {}, json: true } });
    expect(reply.inner).toBe('{"body":"invalid json","status":400}');
  });

  it('F14 carries bytes as base64', async () => {
    storage().answerer = () => answer(200, 'binary', Buffer.alloc(51, 7));
    expect((await ask(relays.port, PATH, INFO)).inner).toBe(
      `{"body":"${Buffer.alloc(51, 7).toString('base64')}","status":200}`,
    );
  });

  it('F15 never repeats a nonce', async () => {
    const replies = await Promise.all([ask(relays.port, PATH, INFO), ask(relays.port, PATH, INFO)]);
    const nonces = replies.map((reply) => Buffer.from(reply.text, 'base64').subarray(0, 24).toString('hex'));
    expect(new Set(nonces).size).toBe(2);
  });

  it('F16 carries a page of 7.8 MB', async () => {
    const page = JSON.stringify({ data: 'A'.repeat(7_800_000) });
    storage().answerer = () => answer(200, 'json', page);
    expect(JSON.parse((await ask(relays.port, PATH, INFO)).inner ?? '')).toEqual({ body: page, status: 200 });
  });

  it('F13 says inside the reply that storage does not answer', async () => {
    await storage().stopStorage();
    const reply = await ask(relays.port, PATH, INFO);
    storage().startStorage();
    expect([reply.status, reply.inner]).toEqual([200, '{"body":"Snode not ready","status":503}']);
  });

  it('R11 gives each hop less time than the one before', async () => {
    const budgets: number[] = [];
    for (const path of [['entry'], ['entry', 'middle'], ['entry', 'middle', 'destination']]) {
      await ask(relays.port, path, INFO);
      budgets.push(relays.relay(path.at(-1) ?? '').node.calls.at(-1)?.budgetMs ?? 0);
    }
    const { entryMs, marginMs } = relayLimits;
    budgets.forEach((budget, hops) => {
      expect(budget).toBeGreaterThan(0);
      expect(budget).toBeLessThanOrEqual(entryMs - marginMs - hops * (marginMs + TRAVEL_MS));
    });
  });

  it('R6 asks nobody on its own bus for a pure forward', async () => {
    const before = relays.relay('middle').node.calls.length;
    await ask(relays.port, PATH, INFO);
    expect(relays.relay('middle').node.calls).toHaveLength(before);
  });
});

/** A node that is told to stop between the look at its standing and the end of its layer. */
class LeavingInBetween extends Standing {
  reads = 0;
  leaves = false;

  override get problem(): string | null {
    this.reads += 1;
    return this.leaves && this.reads > 2 ? 'shutting down' : super.problem;
  }
}

describe('the final destination that stops serving with a layer in its hands', () => {
  const standing = new LeavingInBetween(nodeVector('entry').ed25519_pubkey);
  let network: VectorNetwork;
  beforeAll(async () => {
    network = await VectorNetwork.start(['entry'], () => ({ standing, limits: { entryMs: 600, marginMs: 100 } }));
    await network.publish();
  });
  afterAll(async () => {
    expect(network.faults()).toEqual([]);
    await network.stop();
  });

  it('F13 says the same of a storage that takes too long', async () => {
    const { httpsPort, node } = network.relay('entry');
    node.answerer = () => new Promise(() => undefined);
    expect((await ask(httpsPort, ['entry'], INFO)).inner).toBe('{"body":"Snode not ready","status":503}');
    node.calls.length = 0;
  });

  it.each([true, false])('F13 says so inside the reply (base64 %p)', async (base64) => {
    standing.leaves = true;
    standing.reads = 0; // the route looks, the hop looks, then the destination
    const { httpsPort, node } = network.relay('entry');
    const reply = await ask(httpsPort, ['entry'], INFO, { control: { headers: '', base64 } });
    expect([reply.status, reply.inner, node.calls]).toEqual([200, '{"body":"Snode not ready","status":503}', []]);
  });
});
