import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startNetwork, type TestNetwork } from '#testing';
import { newPerson, receive } from './people.js';
import { hopsOf } from './hops.js';
import { NETWORK_TIMEOUT_MS, TEST_TIMEOUT_MS } from './timeouts.js';

describe('a network of seven nodes', () => {
  let network: TestNetwork;
  beforeAll(async () => {
    network = await startNetwork({ nodes: 7 });
  }, NETWORK_TIMEOUT_MS);
  afterAll(() => network.stop(), NETWORK_TIMEOUT_MS);

  it(
    'carries a message each way through three hops into the whole swarm',
    async () => {
      const [alice, bob] = await Promise.all([newPerson(network), newPerson(network)]);
      const sent = await alice.client.send(alice.account, bob.account.id, 'to Bob');
      expect(sent.answers).toHaveLength(7);
      expect(sent.answers.every(({ outcome }) => outcome === 'kept')).toBe(true);
      expect(await receive(bob, alice)).toBe('to Bob');

      await bob.client.send(bob.account, alice.account.id, 'to Alice');
      expect(await receive(alice, bob)).toBe('to Alice');

      for (const { hops, destination } of hopsOf(alice.events)) {
        expect(new Set([...hops, destination]).size).toBe(4); // three hops, and the node they lead to is none of them
      }
      await Promise.all([alice.client.close(), bob.client.close()]);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'gives nobody a message that is not theirs',
    async () => {
      const [alice, bob, mallory] = await Promise.all([newPerson(network), newPerson(network), newPerson(network)]);
      await alice.client.send(alice.account, bob.account.id, 'for Bob alone');
      const { messages, dropped } = await mallory.client.poll(mallory.account);
      expect([...messages, ...dropped]).toEqual([]);
      await Promise.all([alice, bob, mallory].map(({ client }) => client.close()));
    },
    TEST_TIMEOUT_MS,
  );

  it('tells clients of itself as they want to read it', async () => {
    const fields = {
      public_ip: true,
      storage_port: true,
      pubkey_x25519: true,
      pubkey_ed25519: true,
      requested_unlock_height: true,
      height: true,
    };
    const call = { jsonrpc: '2.0', method: 'get_n_service_nodes', params: { active_only: true, fields } };
    const answer = await fetch(`${network.seedUrl.replace(/\/json_rpc$/, '')}/json_rpc`, {
      method: 'POST',
      body: JSON.stringify(call),
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    const { result } = (await answer.json()) as { result: { height: number; service_node_states: object[] } };
    expect(result.height).toBe(1);
    expect(result.service_node_states).toHaveLength(7);
    for (const node of result.service_node_states) {
      expect(node).toEqual({
        public_ip: '127.0.0.1',
        storage_port: expect.any(Number),
        pubkey_x25519: expect.stringMatching(/^[0-9a-f]{64}$/),
        pubkey_ed25519: expect.stringMatching(/^[0-9a-f]{64}$/),
        requested_unlock_height: 0,
      });
    }
  });
});
