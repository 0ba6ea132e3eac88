import type { AccountId } from '#protocol';

/** Names of an account's keys. docs/storage-layout.md */
export interface AccountKeys {
  /** Hash: message hash (32 bytes) to place; fields `s` and `b` are the last number of arrival and the bytes of all data. */
  readonly index: string;
  /** Hash: number of arrival to data. */
  readonly bodies: string;
  /** Sorted set of records, in the order of namespace and arrival. */
  readonly order: string;
  /** Sorted set: place by expiry, all namespaces. */
  readonly expiries: string;
  /** Sorted set: hash of a deleted message by the time when it would have expired. */
  readonly tombstones: string;
  /** Sorted set: revoked token by time. */
  readonly revoked: string;
  /** String that is there while somebody watches for new messages. */
  readonly watchers: string;
}

/** The text between braces keeps all keys of an account in one slot of a Redis Cluster. */
export function accountKeys(prefix: string, tag: string): AccountKeys {
  const base = `${prefix}:{${tag}}`;
  return {
    index: `${base}:i`,
    bodies: `${base}:m`,
    order: `${base}:o`,
    expiries: `${base}:e`,
    tombstones: `${base}:t`,
    revoked: `${base}:r`,
    watchers: `${base}:w`,
  };
}

/** 44 characters without braces: raw bytes could hold one and so leave the slot. */
export const accountTag = (account: AccountId): string => Buffer.from(account.bytes).toString('base64url');

/** Accounts with something to expire are spread over this many indexes, so that no one key is hot. */
export const DUE_SHARDS = 16;

export const dueKey = (prefix: string, shard: number): string => `${prefix}:due:{${shard}}`;

/** The first byte of the key proper: evenly spread, whatever the prefixes in use. */
export const shardOf = (account: AccountId): number => (account.key[0] ?? 0) % DUE_SHARDS;

/** Where an account's keys and its entry among the due ones are. */
export interface AccountPlace {
  readonly tag: string;
  readonly shard: number;
}

export const placeOf = (account: AccountId): AccountPlace => ({ tag: accountTag(account), shard: shardOf(account) });
