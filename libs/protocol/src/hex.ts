const DIGITS = Array.from({ length: 256 }, (_unused, byte) => byte.toString(16).padStart(2, '0'));
/** Of hex digits, by character code; -1 for all others. Each relayed hop reads two keys. */
const VALUES = Int8Array.from({ length: 128 }, (_unused, code) => {
  const text = String.fromCharCode(code);
  return /[0-9a-f]/i.test(text) ? Number.parseInt(text, 16) : -1;
});
const encoder = new TextEncoder();

/** Lower-case hex. */
export function bytesToHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += DIGITS[byte] ?? '';
  return hex;
}

/** Bytes of an even number of hex digits in either case; null for anything else. */
export function hexToBytes(hex: string): Uint8Array | null {
  if (hex.length % 2 !== 0) return null;
  const bytes = new Uint8Array(hex.length / 2);
  let fault = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const value = (valueOf(hex.charCodeAt(2 * at)) << 4) | valueOf(hex.charCodeAt(2 * at + 1));
    fault |= value; // what is no digit makes it negative for good
    bytes[at] = value;
  }
  return fault < 0 ? null : bytes;
}

const valueOf = (charCode: number): number => VALUES[charCode] ?? -1;

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Not constant time: for public values only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

export const utf8 = (text: string): Uint8Array => encoder.encode(text);
