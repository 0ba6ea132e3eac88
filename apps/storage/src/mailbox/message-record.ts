import { Buffer } from 'node:buffer';
import type { MessageName, StoredMessage } from './mailboxes.js';

// Where a record holds what, as records.lua writes it. docs/storage-layout.md
const HASH_AT = 9;
const TIME_AT = 41;
const SIZE_AT = 48;
const TAIL_AT = 51;
const TIME_BYTES = 7;
/** Namespaces are kept as unsigned numbers, so that they sort. */
const NAMESPACE_OFFSET = 32_768;
const HASH_BYTES = 32;

/** Reads a record, or the part of it that ends with the hash. */
export const nameInRecord = (record: Buffer): MessageName => ({
  hash: hashToText(record.subarray(HASH_AT, TIME_AT)),
  namespace: record.readUInt16BE(0) - NAMESPACE_OFFSET,
});

/** The data is a view where all of it is in the body, and a copy where the record holds its end. */
export function readMessage(record: Buffer, body: Buffer, expiry: Buffer): StoredMessage {
  const tail = record.subarray(TAIL_AT);
  return {
    hash: hashToText(record.subarray(HASH_AT, TIME_AT)),
    timestampMs: record.readUIntBE(TIME_AT, 1) * 2 ** 48 + record.readUIntBE(TIME_AT + 1, TIME_BYTES - 1),
    expiryMs: Number(expiry.toString('latin1')),
    data: tail.length === 0 ? body : Buffer.concat([body, tail]),
  };
}

/** Bytes of the data, both parts together. */
export const sizeInRecord = (record: Buffer): number => record.readUIntBE(SIZE_AT, TAIL_AT - SIZE_AT);

/** Hashes are kept as 32 bytes; null for a spelling that no message of ours has, since hashes compare as text. */
export function hashToBytes(hash: string): Buffer | null {
  const bytes = Buffer.from(hash, 'base64');
  return bytes.length === HASH_BYTES && hashToText(bytes) === hash ? bytes : null;
}

export const hashToText = (bytes: Buffer): string => bytes.toString('base64').slice(0, -1);
