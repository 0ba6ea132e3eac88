import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startNetwork, waitUntil, type TestNetwork, type TestNode } from '#testing';
import { hopsOf } from './hops.js';
import { newPerson, receive } from './people.js';
import { anAccount, aStoreInOpenInbox, call, textsAt, type StoreReply } from './rpc.js';
import { NETWORK_TIMEOUT_MS, TEST_TIMEOUT_MS } from './timeouts.js';

const RECOVERY_TIMEOUT_MS = 30_000;

describe('a network in which something fails', () => {
  let network: TestNetwork;
  beforeAll(async () => {
    network = await startNetwork({ nodes: 7 });
  }, NETWORK_TIMEOUT_MS);
  afterAll(() => network.stop(), NETWORK_TIMEOUT_MS);

  const nodeAt = (address: string): TestNode => {
    const found = network.nodes.find(({ url }) => url === `https://${address}`);
    if (found === undefined) throw new Error(`no node at ${address}`);
    return found;
  };
  const members = (reply: string): StoreReply['swarm'] => (JSON.parse(reply) as StoreReply).swarm;

  it(
    'delivers around a relay that was killed in the middle of the path',
    async () => {
      const [alice, bob] = await Promise.all([newPerson(network), newPerson(network)]);
      await alice.client.send(alice.account, bob.account.id, 'before');
      const middle = hopsOf(alice.events).at(-1)?.hops[1] ?? '';
      await nodeAt(middle).kill('relay');

      await alice.client.send(alice.account, bob.account.id, 'after');
      expect(hopsOf(alice.events).at(-1)?.hops).not.toContain(middle);
      await waitUntil('both messages', RECOVERY_TIMEOUT_MS, async () => {
        const { messages } = await bob.client.poll(bob.account); // not committed, so that all come again
        const texts = messages.map(({ content }) => content.dataMessage?.body).sort();
        expect(texts).toEqual(['after', 'before']);
      });
      await nodeAt(middle).start();
      await Promise.all([alice.client.close(), bob.client.close()]);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'answers a store while one member hangs, and says so of that member',
    async () => {
      const [entry, hanging, ...others] = network.nodes;
      if (entry === undefined || hanging === undefined) throw new Error('too few nodes');
      const account = anAccount(0x21);
      const pid = hanging.pids.relay ?? 0;
      process.kill(pid, 'SIGSTOP');
      try {
        const { status, text } = await call(entry, 'store', aStoreInOpenInbox(account, 'kept by six'));
        expect(status).toBe(200);
        expect(members(text)[hanging.ed25519]).toEqual({ failed: true, timeout: true });
        expect(Object.values(members(text)).filter(({ failed }) => failed !== true)).toHaveLength(6);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      for (const node of [entry, ...others]) expect(await textsAt(node, account)).toEqual(['kept by six']);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'keeps what it acknowledged when Redis is cut off and comes back',
    async () => {
      const [entry] = network.nodes;
      if (entry === undefined) throw new Error('no node');
      const account = anAccount(0x22);
      expect((await call(entry, 'store', aStoreInOpenInbox(account, 'acknowledged'))).status).toBe(200);
      await network.stopServer('redis', 'kill');

      const refused = await call(entry, 'store', aStoreInOpenInbox(account, 'never acknowledged'));
      expect(refused.status).toBe(500);
      expect(members(refused.text)[entry.ed25519]).toMatchObject({ failed: true, query_failure: true });
      expect((await call(entry, 'retrieve', { pubkey: account.hex, namespace: -10 })).status).toBe(500);

      await network.startServer('redis');
      await waitUntil('Redis', RECOVERY_TIMEOUT_MS, async () =>
        expect(await textsAt(entry, account)).toEqual(['acknowledged']),
      );
      await waitUntil('a store', RECOVERY_TIMEOUT_MS, async () => {
        expect((await call(entry, 'store', aStoreInOpenInbox(account, 'afterwards'))).status).toBe(200);
      });
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'goes on by itself after NATS was away',
    async () => {
      const [entry] = network.nodes;
      if (entry === undefined) throw new Error('no node');
      await network.stopServer('nats');
      const without = await call(entry, 'info', {});
      expect(without).toEqual({ status: 503, text: 'Server busy, try again later' });

      await network.startServer('nats');
      await waitUntil('the bus', RECOVERY_TIMEOUT_MS, async () =>
        expect((await call(entry, 'info', {})).status).toBe(200),
      );
      const [alice, bob] = await Promise.all([newPerson(network), newPerson(network)]);
      await waitUntil('a whole swarm', RECOVERY_TIMEOUT_MS, async () => {
        const { answers } = await alice.client.send(alice.account, bob.account.id, 'again');
        expect(answers.every(({ outcome }) => outcome === 'kept')).toBe(true);
      });
      expect(await receive(bob, alice)).toBe('again');
      await Promise.all([alice.client.close(), bob.client.close()]);
    },
    TEST_TIMEOUT_MS,
  );
});
