/**
 * The allocator of Redis (jemalloc) hands out memory in classes, four to each doubling, and a string needs a few bytes
 * more than it holds: 1 KiB of data lands in the class of 1,280. A message a few bytes above such a step is kept in two
 * parts, the body that fills the smaller class and a tail that stands in the record. docs/storage-layout.md
 */

/** What a record may hold besides its own fields and stay in Redis' compact form (zset-max-listpack-value 64). */
export const MAX_TAIL_BYTES = 13;

/** Head and end of a string in Redis, by its length: below this, 4, then 6, then 10 bytes. */
const SHORT_STRING = 256;
const MEDIUM_STRING = 65_536;

const frameOf = (bytes: number): number => (bytes < SHORT_STRING ? 4 : bytes < MEDIUM_STRING ? 6 : 10);

/** Classes below this lie 16 bytes or less apart: cutting would save less than it costs. */
const SMALLEST_CLASS = 128;

/** Both parts are views. Joined they are the data. */
export function splitData(bytes: Uint8Array): { readonly body: Buffer; readonly tail: Buffer } {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const bodyBytes = fillingBytes(data.length);
  const isWorth = data.length - bodyBytes <= MAX_TAIL_BYTES;
  const cut = isWorth ? bodyBytes : data.length;
  return { body: data.subarray(0, cut), tail: data.subarray(cut) };
}

/** The most bytes, up to a number, that fill a class. */
function fillingBytes(bytes: number): number {
  if (bytes <= SMALLEST_CLASS) return bytes;
  let power = SMALLEST_CLASS;
  while (power * 2 <= bytes + frameOf(bytes)) power *= 2;
  const step = power / 4;
  const ofClass = (size: number): number => size - frameOf(size);
  let size = power + step * Math.floor((bytes + frameOf(bytes) - power) / step);
  while (ofClass(size) > bytes) size -= step;
  return ofClass(size);
}
