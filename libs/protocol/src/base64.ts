const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const ASCII_OF = Uint8Array.from(ALPHABET, (char) => char.charCodeAt(0));
const PAD = 0x3d;
/** More than any sextet: marks a character outside the alphabet. */
const INVALID = 64;
const SEXTET_OF = new Uint8Array(256).fill(INVALID);
ASCII_OF.forEach((ascii, sextet) => (SEXTET_OF[ascii] = sextet));
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Room for a message of the largest size, 76,800 bytes: longer text is rare enough for room of its own. */
const ROOM_CHARS = 102_400;
const room = new Uint8Array(ROOM_CHARS);

/**
 * Base64 as the network reads it (docs/protocol/storage-rpc.md §1.8): standard alphabet, padding optional but right
 * when given, leftover bits of the last character ignored. Null for anything else.
 */
export function decodeBase64(text: string): Uint8Array | null {
  const chars = text.length - paddingOf(text);
  if (chars % 4 === 1) return null;
  const ascii = asciiBytes(text, chars);
  if (ascii === null) return null;
  const bytes = new Uint8Array(Math.floor((chars * 3) / 4));
  const wholeChars = chars - (chars % 4);
  let seen = 0; // every sextet, ORed: one check at the end instead of one per character
  let to = 0;
  // Neither reads nor writes beyond an end: engines turn only such a loop into plain machine code.
  for (let from = 0; from < wholeChars; from += 4, to += 3) {
    const a = sextetAt(ascii, from);
    const b = sextetAt(ascii, from + 1);
    const c = sextetAt(ascii, from + 2);
    const d = sextetAt(ascii, from + 3);
    seen |= a | b | c | d;
    bytes[to] = (a << 2) | (b >> 4);
    bytes[to + 1] = (b << 4) | (c >> 2);
    bytes[to + 2] = (c << 6) | d;
  }
  if (wholeChars < chars) {
    const [a, b] = [sextetAt(ascii, wholeChars), sextetAt(ascii, wholeChars + 1)];
    const c = wholeChars + 2 < chars ? sextetAt(ascii, wholeChars + 2) : 0;
    seen |= a | b | c;
    bytes[to] = (a << 2) | (b >> 4);
    if (to + 1 < bytes.length) bytes[to + 1] = (b << 4) | (c >> 2);
  }
  return seen >= INVALID ? null : bytes;
}

/** The first characters of a text, one byte each, until the next call; null when one of them takes more. */
function asciiBytes(text: string, chars: number): Uint8Array | null {
  const target = chars <= ROOM_CHARS ? room : new Uint8Array(chars);
  const { read, written } = encoder.encodeInto(text, target.subarray(0, chars));
  return read === chars && written === chars ? target : null;
}

function sextetAt(ascii: Uint8Array, at: number): number {
  return SEXTET_OF[ascii[at] ?? PAD] ?? INVALID;
}

/** How many trailing `=` complete a multiple of four; others stay in the text and are refused there. */
function paddingOf(text: string): number {
  if (text.length % 4 !== 0) return 0;
  if (text.endsWith('==')) return 2;
  return text.endsWith('=') ? 1 : 0;
}

/** With padding: signatures and message data. */
export const encodeBase64 = (bytes: Uint8Array): string => encode(bytes, true);

/** Without padding: message hashes. */
export const encodeBase64Unpadded = (bytes: Uint8Array): string => encode(bytes, false);

function encode(bytes: Uint8Array, padded: boolean): string {
  const chars = Math.ceil((bytes.length * 4) / 3);
  const ascii = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const triple = (byteAt(bytes, from) << 16) | (byteAt(bytes, from + 1) << 8) | byteAt(bytes, from + 2);
    ascii[to] = asciiOf(triple >> 18);
    ascii[to + 1] = asciiOf(triple >> 12);
    ascii[to + 2] = asciiOf(triple >> 6);
    ascii[to + 3] = asciiOf(triple);
  }
  ascii.fill(PAD, chars);
  return decoder.decode(padded ? ascii : ascii.subarray(0, chars));
}

const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;
const asciiOf = (bits: number): number => ASCII_OF[bits & 63] ?? PAD;
