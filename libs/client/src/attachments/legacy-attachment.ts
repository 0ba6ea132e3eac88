import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes } from '#protocol';
import type { Primitives, RandomBytes } from '#protocol';

/** docs/protocol/client-messages.md §6.1, the form that every app reads. */
const AES_KEY_BYTES = 32;
const KEY_BYTES = 64;
const IV_BYTES = 16;
const MAC_BYTES = 32;
const MIN_BLOB_BYTES = IV_BYTES + MAC_BYTES;
const MIN_PADDED_BYTES = 541;
/** File servers take no more. */
export const MAX_ATTACHMENT_BYTES = 10_000_000;
const GROWTH = 1.05;

export interface SealedAttachment {
  /** What is uploaded. */
  readonly blob: Uint8Array;
  /** For the pointer: 64 bytes and 32 bytes. */
  readonly key: Uint8Array;
  readonly digest: Uint8Array;
}

/** Sizes grow in steps of five percent, so that few files have a size of their own. */
export function paddedSize(size: number): number {
  const step = Math.floor(GROWTH ** Math.ceil(Math.log(size) / Math.log(GROWTH)));
  const padded = Math.max(MIN_PADDED_BYTES, step);
  return size <= MAX_ATTACHMENT_BYTES ? Math.min(padded, MAX_ATTACHMENT_BYTES) : padded;
}

/** Throws RangeError for an empty file: readers refuse it. Images of link previews are not padded. */
export function sealAttachment(
  primitives: Primitives,
  random: RandomBytes,
  file: Uint8Array,
  options: { readonly isPadded: boolean } = { isPadded: true },
): SealedAttachment {
  if (file.length === 0) throw new RangeError('an attachment cannot be empty');
  const padded = new Uint8Array(options.isPadded ? paddedSize(file.length) : file.length);
  padded.set(file);
  const key = random(KEY_BYTES);
  const iv = random(IV_BYTES);
  const sealed = concatBytes(iv, primitives.aes256CbcEncrypt(key.slice(0, AES_KEY_BYTES), iv, padded));
  const blob = concatBytes(sealed, primitives.hmacSha256(key.slice(AES_KEY_BYTES), sealed));
  return { blob, key, digest: sha256(blob) };
}

/** What a pointer in a message says about its file. */
export interface AttachmentPointerFields {
  readonly key: Uint8Array;
  readonly digest: Uint8Array;
  /** Of the file without padding. */
  readonly size: number;
}

/** The file; null when anything does not check out, a missing digest included. */
export function openAttachment(
  primitives: Primitives,
  blob: Uint8Array,
  { key, digest, size }: AttachmentPointerFields,
): Uint8Array | null {
  if (blob.length < MIN_BLOB_BYTES || key.length !== KEY_BYTES || size < 1) return null;
  const sealed = blob.subarray(0, -MAC_BYTES);
  const mac = primitives.hmacSha256(key.slice(AES_KEY_BYTES), sealed);
  if (!equalBytes(mac, blob.subarray(-MAC_BYTES)) || !equalBytes(sha256(blob), digest)) return null;
  const iv = blob.slice(0, IV_BYTES);
  const padded = primitives.aes256CbcDecrypt(key.slice(0, AES_KEY_BYTES), iv, sealed.subarray(IV_BYTES));
  return padded && padded.length >= size ? padded.subarray(0, size) : null;
}
