import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startNetwork, waitUntil, type TestNetwork } from '#testing';
import { newPerson, receive } from './people.js';
import { call } from './rpc.js';
import { NETWORK_TIMEOUT_MS, TEST_TIMEOUT_MS } from './timeouts.js';

const RECOVERY_TIMEOUT_MS = 30_000;

describe('a network whose nodes run their three services apart', () => {
  let network: TestNetwork;
  beforeAll(async () => {
    network = await startNetwork({ nodes: 3, separate: true });
  }, NETWORK_TIMEOUT_MS);
  afterAll(() => network.stop(), NETWORK_TIMEOUT_MS);

  it(
    'has three processes a node and carries a message',
    async () => {
      for (const { pids } of network.nodes) expect(new Set(Object.values(pids)).size).toBe(3);
      const [alice, bob] = await Promise.all([newPerson(network), newPerson(network)]);
      await alice.client.send(alice.account, bob.account.id, 'apart');
      expect(await receive(bob, alice)).toBe('apart');
      await Promise.all([alice.client.close(), bob.client.close()]);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'loses only its storage when that is killed, and has it back when it is started',
    async () => {
      const [node] = network.nodes;
      if (node === undefined) throw new Error('no node');
      await node.kill('storage');
      expect(await call(node, 'info', {})).toEqual({ status: 503, text: 'Server busy, try again later' });
      await node.start();
      await waitUntil('storage', RECOVERY_TIMEOUT_MS, async () =>
        expect((await call(node, 'info', {})).status).toBe(200),
      );
    },
    TEST_TIMEOUT_MS,
  );
});
