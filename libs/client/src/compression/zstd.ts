import { Decompress } from 'fzstd';

/** One zstd frame as it may come from others: RFC 8878. */
const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
const BLOCK_HEADER_BYTES = 3;
const CHECKSUM_BYTES = 4;
const RLE_BLOCK = 1;
const CONTENT_SIZE_BYTES = [0, 2, 4, 8];

/**
 * Decompresses one frame without a dictionary; null when it is broken or gives more than `maxBytes`. The frame is
 * measured before the decoder sees it: a few hostile bytes could make it ask for gigabytes.
 */
export function zstdDecompress(frame: Uint8Array, maxBytes: number): Uint8Array | null {
  if (!isBoundedFrame(frame, maxBytes)) return null;
  const parts: Uint8Array[] = [];
  let bytes = 0;
  const decoder = new Decompress((part) => {
    bytes += part.length;
    if (bytes > maxBytes) throw new RangeError('decompresses to too much');
    parts.push(part.slice());
  });
  try {
    decoder.push(frame, true);
  } catch {
    return null;
  }
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Whether the bytes are exactly one frame that asks for no more memory than allowed. */
function isBoundedFrame(frame: Uint8Array, maxBytes: number): boolean {
  if (MAGIC.some((byte, index) => frame[index] !== byte)) return false;
  const flags = frame[MAGIC.length] ?? 0xff;
  const isSingleSegment = (flags & 0x20) !== 0;
  const hasChecksum = (flags & 0x04) !== 0;
  const hasDictionary = (flags & 0x03) !== 0;
  const isReserved = (flags & 0x08) !== 0;
  if (hasDictionary || isReserved) return false;

  let at = MAGIC.length + 1;
  if (!isSingleSegment) {
    const descriptor = frame[at++] ?? 0xff;
    const base = 2 ** (10 + (descriptor >> 3));
    if (base + (base / 8) * (descriptor & 7) > Math.max(maxBytes, SMALLEST_LIMIT)) return false;
  }
  const sizeCode = flags >> 6;
  const sizeBytes = sizeCode === 0 && isSingleSegment ? 1 : (CONTENT_SIZE_BYTES[sizeCode] ?? 0);
  if (readLittleEndian(frame, at, sizeBytes) > maxBytes) return false;
  return endOfBlocks(frame, at + sizeBytes) + (hasChecksum ? CHECKSUM_BYTES : 0) === frame.length;
}

/** Encoders declare windows of up to this size for any content, RFC 8878 asks decoders to take 8 MiB. */
const SMALLEST_LIMIT = 8 * 1024 * 1024;

/** Where the last block ends; NaN when the blocks run past the end. */
function endOfBlocks(frame: Uint8Array, start: number): number {
  for (let at = start; at + BLOCK_HEADER_BYTES <= frame.length;) {
    const header = readLittleEndian(frame, at, BLOCK_HEADER_BYTES);
    const isLast = (header & 1) !== 0;
    const size = (header >> 1) % 4 === RLE_BLOCK ? 1 : header >> 3;
    at += BLOCK_HEADER_BYTES + size;
    if (isLast) return at;
  }
  return Number.NaN;
}

function readLittleEndian(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let index = 0; index < count; index++) value += (bytes[at + index] ?? 0) * 2 ** (8 * index);
  return value;
}
