import { blake2b } from '@noble/hashes/blake2.js';
import { concatBytes, utf8 } from '#protocol';
import { SecretStream, STREAM_CHUNK_OVERHEAD, STREAM_HEADER_BYTES, STREAM_TAG } from './secret-stream.js';

/** docs/protocol/client-messages.md §6.1, the form of newer apps: equal files of one account give equal blobs. */
const MARKER = 0x53; // S
const END_OF_PADDING = 1;
const CHUNK_BYTES = 32_768;
const KEY_BYTES = 32;
const FRAME_BYTES = 1 + STREAM_HEADER_BYTES;
const MIN_UNIT_BASE = 131_072;
const UNITS = 32;

/** What the file is used for: files for different uses get different keys. */
export const STREAM_USE = { attachment: 'SessionAttachmnt', profilePicture: 'Session_Prof_Pic' } as const;
export type StreamUse = (typeof STREAM_USE)[keyof typeof STREAM_USE];

/** The blob to upload and the 32-byte key for its readers. Throws RangeError for an empty file. */
export function sealStream(
  seed: Uint8Array,
  file: Uint8Array,
  use: StreamUse,
): { readonly blob: Uint8Array; readonly key: Uint8Array } {
  if (file.length === 0) throw new RangeError('an attachment cannot be empty');
  const hash = blake2b(file, { dkLen: STREAM_HEADER_BYTES + KEY_BYTES, key: seed, personalization: utf8(use) });
  const header = hash.slice(0, STREAM_HEADER_BYTES);
  const key = hash.slice(STREAM_HEADER_BYTES);
  const plaintext = new Uint8Array(paddedLength(file.length));
  const start = plaintext.length - file.length;
  plaintext[start - 1] = END_OF_PADDING;
  plaintext.set(file, start);

  const stream = new SecretStream(key, header);
  const parts: Uint8Array[] = [Uint8Array.of(MARKER), header];
  for (let at = 0; at < plaintext.length; at += CHUNK_BYTES) {
    const isLast = at + CHUNK_BYTES >= plaintext.length;
    parts.push(stream.push(plaintext.subarray(at, at + CHUNK_BYTES), isLast ? STREAM_TAG.final : STREAM_TAG.message));
  }
  return { blob: concatBytes(...parts), key };
}

/** The file; null for another key, a changed blob, or one that ends too early or too late. */
export function openStream(blob: Uint8Array, key: Uint8Array): Uint8Array | null {
  if (blob[0] !== MARKER || blob.length <= FRAME_BYTES || key.length !== KEY_BYTES) return null;
  const stream = new SecretStream(key, blob.subarray(1, FRAME_BYTES));
  const parts: Uint8Array[] = [];
  const step = CHUNK_BYTES + STREAM_CHUNK_OVERHEAD;
  for (let at = FRAME_BYTES; at < blob.length; at += step) {
    const chunk = stream.pull(blob.subarray(at, at + step));
    const isLast = at + step >= blob.length;
    if (chunk?.tag !== (isLast ? STREAM_TAG.final : STREAM_TAG.message)) return null;
    parts.push(chunk.message);
  }
  const plaintext = concatBytes(...parts);
  const end = plaintext.findIndex((byte) => byte !== 0);
  return plaintext[end] === END_OF_PADDING ? plaintext.subarray(end + 1) : null;
}

/**
 * Length of padding and file together, so that the blob has a multiple of a 32nd of its power of two. Where a chunk
 * would be needed for its own overhead only, the blob stays a few bytes shorter; readers do not care.
 */
function paddedLength(fileBytes: number): number {
  const least = FRAME_BYTES + 1 + fileBytes + STREAM_CHUNK_OVERHEAD * Math.ceil(fileBytes / CHUNK_BYTES);
  const unit = 2 ** Math.floor(Math.log2(Math.max(least, MIN_UNIT_BASE))) / UNITS;
  const room = Math.ceil(least / unit) * unit - FRAME_BYTES;
  const chunks = Math.ceil(room / (CHUNK_BYTES + STREAM_CHUNK_OVERHEAD));
  const length = Math.max(room - STREAM_CHUNK_OVERHEAD * chunks, CHUNK_BYTES * (chunks - 1));
  return Math.max(length, fileBytes + 1);
}
