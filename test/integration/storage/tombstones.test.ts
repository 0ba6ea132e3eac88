import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { AccountId } from '#protocol';
import { connectRedis } from '#platform';
import { startRedis, type TestRedis } from '#testing';
import type { NewMessage } from '../../../apps/storage/src/mailbox/mailboxes.js';
import { RedisMailboxes } from '../../../apps/storage/src/mailbox/redis-mailboxes.js';
import { aMessage } from './a-message.js';
import { FixedShares } from './fixed-shares.js';

const START_TIMEOUT_MS = 60_000;
const NOW = Date.now();
const HOUR_MS = 3_600_000;
const ALICE = AccountId.parse(`05${'a1'.repeat(32)}`);
const OUTBOX = -1;

const message = (name: string, changes: Partial<NewMessage> = {}): NewMessage => aMessage(name, NOW, changes);
const inOutbox = (name: string, timestampMs = NOW): NewMessage =>
  message(name, { namespace: OUTBOX, replaces: true, timestampMs });

describe('a message that another member has', () => {
  let server: TestRedis;
  let redis: Redis;
  let mailboxes: RedisMailboxes;
  beforeAll(async () => {
    server = await startRedis();
    redis = await connectRedis({ url: server.url, name: 'test' });
    mailboxes = new RedisMailboxes(redis, 'node.1', new FixedShares());
  }, START_TIMEOUT_MS);
  beforeEach(() => server.client.flushdb());
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  const tombstones = async (): Promise<number> => {
    const keys = await server.client.keys('*:t');
    return keys.length === 0 ? 0 : server.client.zcard(keys[0] ?? '');
  };
  const hashesIn = async (namespace: number): Promise<string[]> => {
    const { messages } = await mailboxes.page(ALICE, namespace, null, { maxMessages: null, maxCost: 1e6 }, NOW);
    return messages.map(({ hash }) => hash);
  };

  it.each([
    ['by its hash', () => mailboxes.delete(ALICE, [message('gone').hash], NOW)],
    ['with all', () => mailboxes.deleteMany(ALICE, 'all', null, NOW)],
    ['with all of its namespace', () => mailboxes.deleteMany(ALICE, 0, null, NOW)],
    ['with all up to its time', () => mailboxes.deleteMany(ALICE, 'all', NOW, NOW)],
  ])('does not come back after its owner deleted it %s, until it would have expired', async (_how, remove) => {
    await mailboxes.store(ALICE, message('gone'), NOW);
    await remove();
    expect(await mailboxes.put(ALICE, message('gone'), NOW)).toBe('deleted');
    const longer = message('gone', { expiryMs: NOW + 2 * HOUR_MS });
    expect(await mailboxes.put(ALICE, longer, NOW + HOUR_MS - 1)).toBe('deleted');
    expect(await hashesIn(0)).toEqual([]);
    expect(await mailboxes.put(ALICE, longer, NOW + HOUR_MS)).toBe('new');
  });

  it('does not come back after another took its place in an outbox', async () => {
    await mailboxes.store(ALICE, inOutbox('first'), NOW);
    await mailboxes.store(ALICE, inOutbox('second', NOW - 1), NOW); // a client's own word counts, whatever its time
    expect(await mailboxes.put(ALICE, inOutbox('first', NOW + 1), NOW)).toBe('deleted');
    expect(await hashesIn(OUTBOX)).toEqual([inOutbox('second').hash]);
  });

  it('is taken once its owner stored the same again', async () => {
    await mailboxes.store(ALICE, message('again'), NOW);
    await mailboxes.delete(ALICE, [message('again').hash], NOW);
    expect(await mailboxes.store(ALICE, message('again'), NOW)).toEqual({ already: false, expiryMs: NOW + HOUR_MS });
    const longer = message('again', { expiryMs: NOW + 2 * HOUR_MS });
    expect(await mailboxes.put(ALICE, longer, NOW)).toBe('held');
    expect(await mailboxes.expiries(ALICE, [longer.hash], NOW)).toEqual([
      { hash: longer.hash, expiryMs: NOW + 2 * HOUR_MS },
    ]);
    expect(await tombstones()).toBe(0);
  });

  it('replaces an older one in an outbox and not a younger one, whichever is heard of first', async () => {
    const [older, younger] = [inOutbox('older', NOW - 5), inOutbox('younger')];
    expect(await mailboxes.put(ALICE, older, NOW)).toBe('new');
    expect(await mailboxes.put(ALICE, younger, NOW)).toBe('new');
    expect(await hashesIn(OUTBOX)).toEqual([younger.hash]);
    await server.client.flushdb();
    expect(await mailboxes.put(ALICE, younger, NOW)).toBe('new');
    expect(await mailboxes.put(ALICE, older, NOW)).toBe('older');
    expect(await hashesIn(OUTBOX)).toEqual([younger.hash]);
  });

  it('that has expired leaves no tombstone, and is not taken', async () => {
    await mailboxes.store(ALICE, message('late'), NOW);
    await mailboxes.delete(ALICE, [message('late').hash], NOW + HOUR_MS);
    await mailboxes.store(ALICE, message('later'), NOW);
    await mailboxes.purge(NOW + HOUR_MS);
    expect(await tombstones()).toBe(0);
    expect(await mailboxes.put(ALICE, message('late'), NOW + HOUR_MS)).toBe('expired');
  });

  it(
    'is remembered as deleted among 10,000 others at most; those that end soonest give way',
    async () => {
      const rounds = [0, 1, 2];
      for (const round of rounds) {
        const expiryMs = NOW + HOUR_MS + round;
        for (let from = 0; from < 4_000; from += 250) {
          const names = Array.from({ length: 250 }, (_unused, index) => `${round} ${from + index}`);
          await Promise.all(names.map((name) => mailboxes.store(ALICE, message(name, { expiryMs }), NOW)));
        }
        expect(await mailboxes.deleteMany(ALICE, 'all', null, NOW)).toHaveLength(4_000);
      }
      expect(await tombstones()).toBe(10_000);
      expect(await mailboxes.put(ALICE, message('2 3999'), NOW)).toBe('deleted');
    },
    START_TIMEOUT_MS,
  );
});
