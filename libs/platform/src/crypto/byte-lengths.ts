/** Lengths are the caller's business: a wrong one is a fault of ours, never an attacker's choice. Throws RangeError. */
export function requireLength(bytes: Uint8Array, length: number, what: string): void {
  if (bytes.length !== length) throw new RangeError(`${what} must be ${length} bytes, not ${bytes.length}`);
}
