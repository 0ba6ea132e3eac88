import type { AccountId } from '#protocol';

/** Names of an account's keys. docs/storage-layout.md */
export interface AccountKeys {
  /** Hash: message hash (32 bytes) to namespace, time and data; field `s` is the last number of arrival. */
  readonly messages: string;
  /** Sorted set: hash, namespace and time of a message by expiry, all namespaces. */
  readonly expiries: string;
  /** The namespace's number follows. */
  readonly orderBase: string;
  /** Sorted set: revoked token by time. */
  readonly revoked: string;
}

/** The text between braces keeps all keys of an account in one slot of a Redis Cluster. */
export function accountKeys(prefix: string, tag: string): AccountKeys {
  const base = `${prefix}:{${tag}}`;
  return { messages: `${base}:m`, expiries: `${base}:e`, orderBase: `${base}:o:`, revoked: `${base}:r` };
}

/** 44 characters without braces: raw bytes could hold one and so leave the slot. */
export const accountTag = (account: AccountId): string => Buffer.from(account.bytes).toString('base64url');

/** Accounts with something to expire are spread over this many indexes, so that no one key is hot. */
export const DUE_SHARDS = 16;

export const dueKey = (prefix: string, shard: number): string => `${prefix}:due:{${shard}}`;

/** The first byte of the key proper: evenly spread, whatever the prefixes in use. */
export const shardOf = (account: AccountId): number => (account.key[0] ?? 0) % DUE_SHARDS;
