import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AccountId } from '#protocol';
import { accountKeys, accountTag, DUE_SHARDS, shardOf } from './account-keys.js';

const account = fc
  .tuple(fc.constantFrom('03', '05', '15', '25'), fc.uint8Array({ minLength: 32, maxLength: 32 }))
  .map(([prefix, key]) => AccountId.parse(prefix + Buffer.from(key).toString('hex')));

/** What Redis Cluster hashes: the text between the first brace and the next closing one. */
const slotTag = (key: string): string | undefined => /\{(.+?)\}/.exec(key)?.[1];

describe('the keys of an account', () => {
  it('are in one slot of a cluster', () => {
    fc.assert(
      fc.property(account, (id) => {
        const tag = accountTag(id);
        const names = Object.values<string>({ ...accountKeys('node.1', tag) });
        expect(new Set(names.map(slotTag))).toEqual(new Set([tag]));
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });

  it('are those of no other account', () => {
    fc.assert(
      fc.property(account, account, (one, other) => {
        fc.pre(one.hex !== other.hex);
        expect(accountTag(one)).not.toBe(accountTag(other));
      }),
    );
  });

  it('are due in one of the indexes', () => {
    fc.assert(
      fc.property(account, (id) => {
        expect(shardOf(id)).toBeGreaterThanOrEqual(0);
        expect(shardOf(id)).toBeLessThan(DUE_SHARDS);
      }),
    );
  });
});
