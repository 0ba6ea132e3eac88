import { beforeEach, describe, expect, it } from '@jest/globals';
import { AccountId } from '#protocol';
import type { NewMessage } from '../../../apps/storage/src/mailbox/mailboxes.js';
import { aMessage } from './a-message.js';
import { ConnectedRedis } from './connected-redis.js';

const START_TIMEOUT_MS = 60_000;
const NOW = Date.now();
const HOUR_MS = 3_600_000;
const ALICE = AccountId.parse(`05${'a1'.repeat(32)}`);
const OUTBOX = -1;

const message = (name: string, changes: Partial<NewMessage> = {}): NewMessage => aMessage(name, NOW, changes);
const inOutbox = (name: string, timestampMs = NOW): NewMessage =>
  message(name, { namespace: OUTBOX, replaces: true, timestampMs });

describe('a message that another member has', () => {
  const redis = new ConnectedRedis();
  beforeEach(() => redis.server.client.flushdb());

  const tombstones = async (): Promise<number> => {
    const keys = await redis.server.client.keys('*:t');
    return keys.length === 0 ? 0 : redis.server.client.zcard(keys[0] ?? '');
  };
  const hashesIn = async (namespace: number): Promise<string[]> => {
    const { messages } = await redis.mailboxes.page(ALICE, namespace, null, { maxMessages: null, maxCost: 1e6 }, NOW);
    return messages.map(({ hash }) => hash);
  };

  it.each([
    ['by its hash', () => redis.mailboxes.delete(ALICE, [message('gone').hash], NOW)],
    ['with all', () => redis.mailboxes.deleteMany(ALICE, 'all', null, NOW)],
    ['with all of its namespace', () => redis.mailboxes.deleteMany(ALICE, 0, null, NOW)],
    ['with all up to its time', () => redis.mailboxes.deleteMany(ALICE, 'all', NOW, NOW)],
  ])('does not come back after its owner deleted it %s, until it would have expired', async (_how, remove) => {
    await redis.mailboxes.store(ALICE, message('gone'), NOW);
    await remove();
    expect(await redis.mailboxes.put(ALICE, message('gone'), NOW)).toBe('deleted');
    const longer = message('gone', { expiryMs: NOW + 2 * HOUR_MS });
    expect(await redis.mailboxes.put(ALICE, longer, NOW + HOUR_MS - 1)).toBe('deleted');
    expect(await hashesIn(0)).toEqual([]);
    expect(await redis.mailboxes.put(ALICE, longer, NOW + HOUR_MS)).toBe('new');
  });

  it('does not come back after another took its place in an outbox', async () => {
    await redis.mailboxes.store(ALICE, inOutbox('first'), NOW);
    await redis.mailboxes.store(ALICE, inOutbox('second', NOW - 1), NOW); // a client's own word counts, whatever its time
    expect(await redis.mailboxes.put(ALICE, inOutbox('first', NOW + 1), NOW)).toBe('deleted');
    expect(await hashesIn(OUTBOX)).toEqual([inOutbox('second').hash]);
  });

  it('is taken once its owner stored the same again', async () => {
    await redis.mailboxes.store(ALICE, message('again'), NOW);
    await redis.mailboxes.delete(ALICE, [message('again').hash], NOW);
    expect(await redis.mailboxes.store(ALICE, message('again'), NOW)).toEqual({
      already: false,
      expiryMs: NOW + HOUR_MS,
    });
    const longer = message('again', { expiryMs: NOW + 2 * HOUR_MS });
    expect(await redis.mailboxes.put(ALICE, longer, NOW)).toBe('held');
    expect(await redis.mailboxes.expiries(ALICE, [longer.hash], NOW)).toEqual([
      { hash: longer.hash, expiryMs: NOW + 2 * HOUR_MS },
    ]);
    expect(await tombstones()).toBe(0);
  });

  it('replaces an older one in an outbox and not a younger one, whichever is heard of first', async () => {
    const [older, younger] = [inOutbox('older', NOW - 5), inOutbox('younger')];
    expect(await redis.mailboxes.put(ALICE, older, NOW)).toBe('new');
    expect(await redis.mailboxes.put(ALICE, younger, NOW)).toBe('new');
    expect(await hashesIn(OUTBOX)).toEqual([younger.hash]);
    await redis.server.client.flushdb();
    expect(await redis.mailboxes.put(ALICE, younger, NOW)).toBe('new');
    expect(await redis.mailboxes.put(ALICE, older, NOW)).toBe('older');
    expect(await hashesIn(OUTBOX)).toEqual([younger.hash]);
  });

  it('that has expired leaves no tombstone, and is not taken', async () => {
    await redis.mailboxes.store(ALICE, message('late'), NOW);
    await redis.mailboxes.delete(ALICE, [message('late').hash], NOW + HOUR_MS);
    await redis.mailboxes.store(ALICE, message('later'), NOW);
    await redis.mailboxes.purge(NOW + HOUR_MS);
    expect(await tombstones()).toBe(0);
    expect(await redis.mailboxes.put(ALICE, message('late'), NOW + HOUR_MS)).toBe('expired');
  });

  it(
    'is remembered as deleted among 10,000 others at most; those that end soonest give way',
    async () => {
      const rounds = [0, 1, 2];
      for (const round of rounds) {
        const expiryMs = NOW + HOUR_MS + round;
        for (let from = 0; from < 4_000; from += 250) {
          const names = Array.from({ length: 250 }, (_unused, index) => `${round} ${from + index}`);
          await Promise.all(names.map((name) => redis.mailboxes.store(ALICE, message(name, { expiryMs }), NOW)));
        }
        expect(await redis.mailboxes.deleteMany(ALICE, 'all', null, NOW)).toHaveLength(4_000);
      }
      expect(await tombstones()).toBe(10_000);
      expect(await redis.mailboxes.put(ALICE, message('2 3999'), NOW)).toBe('deleted');
    },
    START_TIMEOUT_MS,
  );
});
