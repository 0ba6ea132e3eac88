import { hexToBytes } from '../hex.js';

const KEY_HEX_DIGITS = 64;

/** What is wrong with the text of a key. */
export type KeyFault = 'not-hex' | 'wrong-length';

/** Null for exactly 64 hex digits of either case (docs/protocol/onion.md §1). Odd lengths count as not hex. */
export function faultOfKey(text: string): KeyFault | null {
  if (text.length % 2 !== 0 || /[^0-9a-fA-F]/.test(text)) return 'not-hex';
  return text.length === KEY_HEX_DIGITS ? null : 'wrong-length';
}

/** The 32 bytes of a key, or what is wrong with its text. */
export function readKey(text: string): Uint8Array | KeyFault {
  return faultOfKey(text) ?? hexToBytes(text) ?? 'not-hex';
}
