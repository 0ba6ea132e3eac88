import { describe, expect, it } from '@jest/globals';
import { anAccount, waitUntil } from '#testing';
import { networkOfSuite } from './network-of-suite.js';
import { leave, newPerson, receive } from './people.js';
import { aStoreInOpenInbox, call, firstOf, membersIn, textsAt } from './rpc.js';
import { RECOVERY_TIMEOUT_MS, TEST_TIMEOUT_MS } from './timeouts.js';

const BUSY = { status: 503, text: 'Server busy, try again later' };

describe('a network of three nodes that run their three services apart', () => {
  const up = networkOfSuite({ nodes: 3, separate: true });

  it(
    'has three processes a node and carries a message',
    async () => {
      const pids = up().nodes.flatMap((node) => Object.values(node.pids));
      expect(new Set(pids).size).toBe(9);
      const [alice, bob] = await Promise.all([newPerson(up()), newPerson(up())]);
      const { answers } = await alice.client.send(alice.account, bob.account.id, 'apart');
      expect(answers.map(({ outcome }) => outcome)).toEqual(['kept', 'kept', 'kept']);
      expect(await receive(bob, alice)).toBe('apart');
      await leave(alice, bob);
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'does without a storage service that was killed, and has it back when it is started',
    async () => {
      const [node, ...others] = up().nodes;
      if (node === undefined) throw new Error('no node');
      const account = anAccount(0x41);
      await node.kill('storage');

      expect(await call(node, 'info', {})).toEqual(BUSY);
      const answer = await call(firstOf(others), 'store', aStoreInOpenInbox(account, 'kept by two'));
      expect(answer.status).toBe(200);
      expect(membersIn(answer)[node.ed25519]).toMatchObject({ failed: true });
      for (const other of others) expect(await textsAt(other, account)).toEqual(['kept by two']);
      const [alice, bob] = await Promise.all([newPerson(up()), newPerson(up())]);
      await alice.client.send(alice.account, bob.account.id, 'all the same');
      expect(await receive(bob, alice)).toBe('all the same');
      await leave(alice, bob);

      await node.start();
      await waitUntil('storage', RECOVERY_TIMEOUT_MS, async () =>
        expect((await call(node, 'info', {})).status).toBe(200),
      );
    },
    TEST_TIMEOUT_MS,
  );
});
