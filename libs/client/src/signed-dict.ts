import { bdecode, InvalidBencode } from '#protocol';
import type { BValue, Primitives } from '#protocol';

/** Config and key messages of groups end with their signature: `1:~64:`, 64 bytes, `e`. */
const SIGNATURE_BYTES = 64;
const TAIL_BYTES = 3 + 3 + SIGNATURE_BYTES + 1;

/** Null for what is no bencoded value at all. */
export function readBencode(bytes: Uint8Array): BValue | null {
  try {
    return bdecode(bytes);
  } catch (cause) {
    if (cause instanceof InvalidBencode) return null;
    throw cause;
  }
}

/** Null for what is no bencoded dictionary. */
export function readDict(bytes: Uint8Array): Map<string, BValue> | null {
  const value = readBencode(bytes);
  return value instanceof Map ? value : null;
}

/** A byte string, of this length where one is given. */
export function isBytes(value: BValue | undefined, length?: number): value is Uint8Array {
  return value instanceof Uint8Array && (length === undefined || value.length === length);
}

/**
 * Whether the dictionary (`dict`, read from `bytes`) carries a signature of `publicKey` under its last key `~`.
 * Everything before that key is signed.
 */
export function isSignedDict(
  primitives: Primitives,
  bytes: Uint8Array,
  dict: ReadonlyMap<string, BValue>,
  publicKey: Uint8Array,
): boolean {
  const signature = dict.get('~');
  const isLast = [...dict.keys()].at(-1) === '~';
  if (!isLast || !isBytes(signature, SIGNATURE_BYTES)) return false;
  return primitives.ed25519Verify(signature, bytes.subarray(0, bytes.length - TAIL_BYTES), publicKey);
}
