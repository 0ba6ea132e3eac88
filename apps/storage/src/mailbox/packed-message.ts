import { Buffer } from 'node:buffer';

/** Namespace int16 BE, time int64 BE (ms), data. docs/storage-layout.md */
export const HEAD_BYTES = 10;

export function packMessage(namespace: number, timestampMs: number, data: Uint8Array): Buffer {
  const packed = Buffer.allocUnsafe(HEAD_BYTES + data.length);
  packed.writeInt16BE(namespace, 0);
  packed.writeBigInt64BE(BigInt(timestampMs), 2);
  packed.set(data, HEAD_BYTES);
  return packed;
}

/** The data is a view into the packed bytes. */
export function unpackMessage(packed: Buffer): { timestampMs: number; data: Buffer } {
  return { timestampMs: Number(packed.readBigInt64BE(2)), data: packed.subarray(HEAD_BYTES) };
}

const HASH_BYTES = 32;

/** Hashes are kept as 32 bytes; null for a spelling that no message of ours has, since hashes compare as text. */
export function hashToBytes(hash: string): Buffer | null {
  const bytes = Buffer.from(hash, 'base64');
  return bytes.length === HASH_BYTES && hashToText(bytes) === hash ? bytes : null;
}

/** A message among the expiries: hash, namespace int16 BE, time int64 BE. docs/storage-layout.md */
export const nameAtPlace = (place: Buffer): { hash: string; namespace: number } => ({
  hash: hashToText(place.subarray(0, HASH_BYTES)),
  namespace: place.readInt16BE(HASH_BYTES),
});

export const hashToText = (bytes: Buffer): string => bytes.toString('base64').slice(0, -1);
