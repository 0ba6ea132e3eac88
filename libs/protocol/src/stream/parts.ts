import { bencode } from '../bencode.js';

/** One part of a message: bytes, or text that goes as UTF-8. */
export type MessagePart = Uint8Array | string;

/** What came is no message: docs/protocol/stream.md §2.1. */
export class InvalidMessage extends Error {}

/** A request has a command, a tag and one part; a few more are read so that they can be refused in words. */
const MAX_PARTS = 64;
/** Digits of the longest length that fits any message. */
const MAX_LENGTH_DIGITS = 8;
const LETTER = { l: 0x6c, e: 0x65, colon: 0x3a } as const;

/** A message as a bencoded list of byte strings. docs/protocol/stream.md §2.1 */
export const encodeMessage = (parts: readonly MessagePart[]): Uint8Array => bencode(parts);

/** The parts are views of the bytes; at least one, at most 64. Throws InvalidMessage. */
export function decodeMessage(bytes: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  if (bytes[0] !== LETTER.l) throw new InvalidMessage('no list');
  let at = 1;
  while (bytes[at] !== LETTER.e) {
    if (parts.length === MAX_PARTS) throw new InvalidMessage('too many parts');
    const head = bytes.subarray(at, at + MAX_LENGTH_DIGITS + 1).indexOf(LETTER.colon);
    const start = at + head + 1;
    const end = start + lengthIn(bytes.subarray(at, at + Math.max(head, 0)));
    if (end > bytes.length) throw new InvalidMessage('a part ends early');
    parts.push(bytes.subarray(start, end));
    at = end;
  }
  if (parts.length === 0 || at + 1 !== bytes.length) throw new InvalidMessage('not one list with something in it');
  return parts;
}

function lengthIn(digits: Uint8Array): number {
  const text = String.fromCharCode(...digits);
  if (!/^(?:0|[1-9]\d*)$/.test(text)) throw new InvalidMessage('a bad length');
  return Number(text);
}
