import { describe, expect, it } from '@jest/globals';
import { anAccount, waitUntil, type TestNode } from '#testing';
import { networkOfSuite } from './network-of-suite.js';
import { leave, newPerson, receive } from './people.js';
import { aStoreInOpenInbox, call, firstOf, membersIn, textsAt, type RpcAnswer } from './rpc.js';
import { RECOVERY_TIMEOUT_MS, TEST_TIMEOUT_MS } from './timeouts.js';

const NODES = 4;
/** A store counts as done with so many copies. docs/architecture.md */
const MIN_COPIES = 2;
const BUSY = { status: 503, text: 'Server busy, try again later' };

describe('a network whose servers are restarted', () => {
  const up = networkOfSuite({ nodes: NODES });

  it(
    'goes on by itself after NATS was away',
    async () => {
      const pids = up().nodes.map((node) => node.pids);
      await up().stopServer('nats');
      for (const node of up().nodes) expect(await call(node, 'info', {})).toEqual(BUSY);
      await up().startServer('nats');
      await waitUntil('the bus', RECOVERY_TIMEOUT_MS, async () => {
        for (const node of up().nodes) expect((await call(node, 'info', {})).status).toBe(200);
      });

      const [alice, bob] = await Promise.all([newPerson(up()), newPerson(up())]);
      await waitUntil('a whole swarm', RECOVERY_TIMEOUT_MS, async () => {
        const { answers } = await alice.client.send(alice.account, bob.account.id, 'again');
        expect(answers.map(({ outcome }) => outcome)).toEqual(answers.map(() => 'kept'));
      });
      expect(await receive(bob, alice)).toBe('again');
      expect(up().nodes.map((node) => node.pids)).toEqual(pids);
      await leave(alice, bob);
    },
    TEST_TIMEOUT_MS,
  );

  it.each([
    ['in order', 0x31],
    ['kill', 0x32],
  ] as const)(
    'has every message it acknowledged when Redis ends (%s) in the middle of stores and comes back',
    async (how, byte) => {
      const node = firstOf(up().nodes);
      const account = anAccount(byte);
      const writer = new Writer(node, account);
      const writing = writer.run();
      await waitUntil('some messages', RECOVERY_TIMEOUT_MS, () => expect(writer.kept.length).toBeGreaterThan(10));
      await up().stopServer('redis', how);
      await waitUntil('refusals', RECOVERY_TIMEOUT_MS, () => expect(writer.refusals.length).toBeGreaterThan(0));
      const keptBefore = writer.kept.length;
      expect((await call(node, 'retrieve', { pubkey: account.hex, namespace: -10 })).status).toBe(500);

      await up().startServer('redis');
      await waitUntil('stores', RECOVERY_TIMEOUT_MS, () => expect(writer.kept.length).toBeGreaterThan(keptBefore));
      writer.end();
      await writing;

      for (const [, answer] of writer.kept) expect(copiesIn(answer)).toBeGreaterThanOrEqual(MIN_COPIES);
      for (const answer of writer.refusals) {
        expect(answer.status).toBe(500);
        expect(copiesIn(answer)).toBeLessThan(MIN_COPIES);
      }
      for (const member of up().nodes) {
        const texts = await waitUntil('its database', RECOVERY_TIMEOUT_MS, () => textsAt(member, account));
        const held = new Set(texts);
        expect(writer.claimedBy(member).filter((text) => !held.has(text))).toEqual([]);
      }
    },
    TEST_TIMEOUT_MS,
  );
});

/** Stores one message after the other, as fast as they are answered. */
class Writer {
  /** Texts that were acknowledged, with the answers. */
  readonly kept: (readonly [text: string, answer: RpcAnswer])[] = [];
  readonly refusals: RpcAnswer[] = [];
  #isOver = false;

  constructor(
    private readonly node: TestNode,
    private readonly account: ReturnType<typeof anAccount>,
  ) {}

  async run(): Promise<void> {
    for (let number = 0; !this.#isOver; number++) {
      const text = `message ${number}`;
      const answer = await call(this.node, 'store', aStoreInOpenInbox(this.account, text));
      if (answer.status === 200) this.kept.push([text, answer]);
      else this.refusals.push(answer);
    }
  }

  /** Texts that a member signed for: when Redis ends, one member may have written a message and another not. */
  claimedBy({ ed25519 }: TestNode): string[] {
    return this.kept.filter(([, answer]) => membersIn(answer)[ed25519]?.signature !== undefined).map(([text]) => text);
  }

  end(): void {
    this.#isOver = true;
  }
}

/** How many members signed that they keep it; each of the others says that its database is the reason. */
function copiesIn(answer: RpcAnswer): number {
  const members = Object.values(membersIn(answer));
  expect(members).toHaveLength(NODES);
  const withoutIt = members.filter(({ signature }) => signature === undefined);
  for (const member of withoutIt) expect(member).toMatchObject({ failed: true, query_failure: true });
  return members.length - withoutIt.length;
}
