import { describe, expect, it } from '@jest/globals';
import { anAccount, waitUntil, type TestNode } from '#testing';
import { networkOfSuite } from './network-of-suite.js';
import { aStoreInOpenInbox, call, membersIn, textsAt, type RpcAnswer } from './rpc.js';
import { RECOVERY_TIMEOUT_MS, TEST_TIMEOUT_MS } from './timeouts.js';

const NO_ANSWER = { failed: true, timeout: true };

/** Every call of these tests is given up after three seconds: that is what the network promises. */
describe('a swarm with a member that does not answer', () => {
  const up = networkOfSuite({ nodes: 4 });

  /** The one that is asked, the one that something happens to, and the rest. */
  function roles(): [TestNode, TestNode, ...TestNode[]] {
    const [entry, hurt, ...others] = up().nodes;
    if (entry === undefined || hurt === undefined) throw new Error('too few nodes');
    return [entry, hurt, ...others];
  }

  function expectKeptBy(holders: readonly TestNode[], missing: TestNode, answer: RpcAnswer): void {
    expect(answer.status).toBe(200);
    const members = membersIn(answer);
    expect(members[missing.ed25519]).toEqual(NO_ANSWER);
    const signed = { signature: expect.any(String) as unknown };
    for (const { ed25519 } of holders) {
      expect(members[ed25519]).toMatchObject(signed);
      expect(members[ed25519]).not.toHaveProperty('failed');
    }
    expect(Object.keys(members)).toHaveLength(holders.length + 1);
  }

  it(
    'stores in the others while it hangs, and in it again when it goes on',
    async () => {
      const [entry, hanging, ...others] = roles();
      const account = anAccount(0x21);
      const pid = hanging.pids.relay ?? 0;
      process.kill(pid, 'SIGSTOP');
      try {
        const answer = await call(entry, 'store', aStoreInOpenInbox(account, 'without it'));
        expectKeptBy([entry, ...others], hanging, answer);
        for (const node of [entry, ...others]) expect(await textsAt(node, account)).toEqual(['without it']);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      await waitUntil('the whole swarm', RECOVERY_TIMEOUT_MS, async () => {
        const answer = await call(entry, 'store', aStoreInOpenInbox(account, 'with it'));
        expect(membersIn(answer)[hanging.ed25519]).not.toHaveProperty('failed');
      });
      expect(await textsAt(hanging, account)).toContain('with it');
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'stores in the others after it was killed, and in it again when it is back with what it had',
    async () => {
      const [entry, killed, ...others] = roles();
      const account = anAccount(0x22);
      expect((await call(killed, 'store', aStoreInOpenInbox(account, 'before'))).status).toBe(200);
      await killed.kill();

      const answer = await call(entry, 'store', aStoreInOpenInbox(account, 'without it'));
      expectKeptBy([entry, ...others], killed, answer);
      for (const node of [entry, ...others]) {
        expect((await textsAt(node, account)).sort()).toEqual(['before', 'without it']);
      }

      await killed.start();
      expect(await textsAt(killed, account)).toContain('before');
      await waitUntil('the whole swarm', RECOVERY_TIMEOUT_MS, async () => {
        const again = await call(entry, 'store', aStoreInOpenInbox(account, 'with it'));
        expect(membersIn(again)[killed.ed25519]).not.toHaveProperty('failed');
      });
      expect(await textsAt(killed, account)).toContain('with it');
    },
    TEST_TIMEOUT_MS,
  );
});
