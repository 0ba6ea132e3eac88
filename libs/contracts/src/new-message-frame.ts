import type { Notification, Primitives } from '#protocol';
import { ContractError } from './contract-error.js';
import { checkVersion, CONTRACT_VERSION } from './version.js';

/** So many subjects, that a relay hears little of accounts that nobody watches there; none of them names an account. */
export const NEW_MESSAGE_SHARDS = 64;

const DIGEST_BYTES = 32;

/** Where new messages of an account are published. */
export const newMessageShard = (p: Primitives, account: Uint8Array): number =>
  (p.blake2b([account], DIGEST_BYTES)[0] ?? 0) % NEW_MESSAGE_SHARDS;

export const newMessageSubject = (shard: number): string => `storage.new.${shard}`;

const ACCOUNT_AT = 2;
const NAMESPACE_AT = 35;
const TIMESTAMP_AT = 37;
const EXPIRY_AT = 45;
const HASH_AT = 53;
const HASH_CHARS = 43;
const DATA_AT = HASH_AT + HASH_CHARS;

/**
 * A message that was not there before, told by storage to the relays whose clients watch its account. Without data when
 * none of them wants it. Layout: version u8, 1 with data or 0, account, namespace i16 LE, time i64 LE, expiry i64 LE, hash (ASCII), data.
 */
export function encodeNewMessage(message: Notification): Uint8Array {
  const { account, namespace, hash, timestampMs, expiryMs, data } = message;
  const hashBytes = new TextEncoder().encode(hash);
  if (account.length !== NAMESPACE_AT - ACCOUNT_AT || hashBytes.length !== HASH_CHARS) {
    throw new ContractError('an account has 33 bytes and a hash 43 characters');
  }
  const frame = new Uint8Array(DATA_AT + (data?.length ?? 0));
  const view = viewOf(frame);
  frame[0] = CONTRACT_VERSION;
  frame[1] = data === null ? 0 : 1;
  frame.set(account, ACCOUNT_AT);
  view.setInt16(NAMESPACE_AT, namespace, true);
  view.setBigInt64(TIMESTAMP_AT, BigInt(timestampMs), true);
  view.setBigInt64(EXPIRY_AT, BigInt(expiryMs), true);
  frame.set(hashBytes, HASH_AT);
  if (data !== null) frame.set(data, DATA_AT);
  return frame;
}

/** Reads what encodeNewMessage wrote; account and data are views. Throws ContractError. */
export function decodeNewMessage(frame: Uint8Array): Notification {
  checkVersion(frame[0]);
  if (frame.length < DATA_AT) throw new ContractError('unreadable new message');
  const view = viewOf(frame);
  return {
    account: frame.subarray(ACCOUNT_AT, NAMESPACE_AT),
    namespace: view.getInt16(NAMESPACE_AT, true),
    hash: new TextDecoder().decode(frame.subarray(HASH_AT, DATA_AT)),
    timestampMs: Number(view.getBigInt64(TIMESTAMP_AT, true)),
    expiryMs: Number(view.getBigInt64(EXPIRY_AT, true)),
    data: frame[1] === 1 ? frame.subarray(DATA_AT) : null,
  };
}

const viewOf = (frame: Uint8Array): DataView => new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
