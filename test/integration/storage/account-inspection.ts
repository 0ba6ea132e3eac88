import { expect } from '@jest/globals';
import type { RedisClient } from '#platform';
import type { AccountId } from '#protocol';
import { accountKeys, accountTag } from '../../../apps/storage/src/mailbox/account-keys.js';
import { hashToText, nameInRecord, sizeInRecord } from '../../../apps/storage/src/mailbox/message-record.js';

const PLACE_BYTES = 9;
const NAMESPACE_BYTES = 2;
const TAIL_AT = 51;

/** What an account's keys say of themselves must agree: numbers, sizes and counters. docs/storage-layout.md */
export async function expectConsistent(redis: RedisClient, prefix: string, account: AccountId): Promise<void> {
  const keys = accountKeys(prefix, accountTag(account));
  const [records, places, bodies, [last, counted]] = await Promise.all([
    redis.zrangeBuffer(keys.order, '0', '-1'),
    redis.zrangeBuffer(keys.expiries, '0', '-1'),
    redis.hlen(keys.bodies),
    redis.hmget(keys.index, 's', 'b'),
  ]);
  const fieldsOf = (hash: Buffer): string => hash.toString('latin1');
  expect(places.map(fieldsOf).sort()).toEqual(
    records.map((record) => fieldsOf(record.subarray(0, PLACE_BYTES))).sort(),
  );
  let bytes = 0;
  for (const record of records) {
    const place = record.subarray(0, PLACE_BYTES);
    const { hash } = nameInRecord(record);
    const field = await redis.hgetBuffer(keys.index, Buffer.from(hash, 'base64'));
    expect(field?.equals(place)).toBe(true);
    expect(hashToText(Buffer.from(hash, 'base64'))).toBe(hash);
    const body = await redis.hgetBuffer(keys.bodies, place.subarray(NAMESPACE_BYTES));
    expect((body?.length ?? -1) + record.length - TAIL_AT).toBe(sizeInRecord(record));
    bytes += sizeInRecord(record);
  }
  expect(bodies).toBe(records.length);
  const ownFields = typeof last === 'string' ? 2 : 0;
  expect(await redis.hlen(keys.index)).toBe(records.length + ownFields);
  expect(Number(counted ?? 0)).toBe(bytes);
}
