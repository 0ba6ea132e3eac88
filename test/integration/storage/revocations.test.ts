import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AccountId } from '#protocol';
import { RedisRevocations } from '../../../apps/storage/src/revocation/redis-revocations.js';
import { ConnectedRedis, PREFIX } from './connected-redis.js';

const NOW = Date.now();
const DAY_MS = 86_400_000;
const ALICE = AccountId.parse(`03${'a1'.repeat(32)}`);
const BOB = AccountId.parse(`03${'b0'.repeat(32)}`);

const token = (number: number): Uint8Array => {
  const bytes = Buffer.alloc(36, 3);
  bytes.writeUInt32BE(number, 32);
  return bytes;
};
const tokens = (from: number, count: number): Uint8Array[] =>
  Array.from({ length: count }, (_unused, index) => token(from + index));

describe('revocations in Redis', () => {
  const redis = new ConnectedRedis();
  let revocations: RedisRevocations;
  beforeAll(() => {
    revocations = new RedisRevocations(redis.connection, PREFIX);
  });
  beforeEach(() => redis.server.client.flushdb());

  const areRevoked = (list: readonly Uint8Array[], nowMs = NOW): Promise<boolean[]> =>
    Promise.all(list.map((each) => revocations.isRevoked(ALICE, each, nowMs)));

  it('are known for the account and the token, and for no other', async () => {
    await revocations.revoke(ALICE, [token(1)], NOW);
    expect(await areRevoked([token(1), token(2)])).toEqual([true, false]);
    expect(await revocations.isRevoked(BOB, token(1), NOW)).toBe(false);
  });

  it('end when they are taken back, which tells how many there were', async () => {
    await revocations.revoke(ALICE, tokens(0, 50), NOW);
    expect(await revocations.unrevoke(ALICE, tokens(0, 61), NOW)).toBe(50);
    expect(await revocations.unrevoke(ALICE, [], NOW)).toBe(0);
    expect(await areRevoked(tokens(0, 3))).toEqual([false, false, false]);
  });

  it('do not need messages and do not go with the last one (Q-06)', async () => {
    await revocations.revoke(ALICE, [token(1)], NOW);
    const message = { namespace: 0, timestampMs: NOW, data: Buffer.from('x'), replaces: false };
    await redis.mailboxes.store(ALICE, { ...message, hash: 'A'.repeat(43), expiryMs: NOW + 1_000 }, NOW);
    await redis.mailboxes.purge(NOW + 1_000);
    await redis.mailboxes.deleteMany(ALICE, 'all', null, NOW);
    expect(await areRevoked([token(1)])).toEqual([true]);
  });

  it('are kept by the thousand, the newest of them, also within one millisecond', async () => {
    for (let from = 0; from < 1_000; from += 50) await revocations.revoke(ALICE, tokens(from, 50), NOW);
    expect(await areRevoked([token(0), token(999)])).toEqual([true, true]);
    await revocations.revoke(ALICE, [token(0)], NOW); // refreshed, so it is among the newest
    await revocations.revoke(ALICE, tokens(1_000, 2), NOW);
    expect(await areRevoked([0, 1, 2, 3, 1_001].map(token))).toEqual([true, false, false, true, true]);
  });

  it('are forgotten a year after they were last renewed', async () => {
    await revocations.revoke(ALICE, tokens(1, 2), NOW - 300 * DAY_MS);
    await revocations.revoke(ALICE, [token(2)], NOW);
    expect(await areRevoked(tokens(1, 2), NOW + 65 * DAY_MS + 1_000)).toEqual([false, true]);
    expect(await revocations.unrevoke(ALICE, tokens(1, 2), NOW + 66 * DAY_MS)).toBe(1);
  });
});
