import { ed25519 } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes } from './hex.js';

const { Point } = ed25519;
type Point = InstanceType<typeof Point>;

const ORDER = Point.Fn.ORDER;

/**
 * `crypto_sign_verify_detached` on curve arithmetic: S below the group order, A and R canonical and not of small
 * order, and exactly R = S*B - k*A. Noble's own verify clears the cofactor instead of comparing exactly, so it takes
 * signatures under mixed-order keys that libsodium, and with it the rest of a swarm, refuses.
 */
export function verifyLikeLibsodium(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  const nonce = signature.subarray(0, 32);
  const response = bytesToNumberLE(signature.subarray(32, 64));
  const key = decodeLargeOrder(publicKey);
  if (key === null || response >= ORDER || decodeLargeOrder(nonce) === null) return false;
  const challenge = bytesToNumberLE(sha512(concatBytes(nonce, publicKey, message))) % ORDER;
  const expected = Point.BASE.multiplyUnsafe(response).subtract(key.multiplyUnsafe(challenge));
  return equalBytes(expected.toBytes(), nonce);
}

/** `crypto_sign_ed25519_pk_to_curve25519`: only points of the main subgroup have a counterpart. */
export function toX25519LikeLibsodium(publicKey: Uint8Array): Uint8Array | null {
  const point = decodeLargeOrder(publicKey);
  return point?.isTorsionFree() === true ? ed25519.utils.toMontgomery(publicKey) : null;
}

/** Null for bytes that are no canonical point, and for the eight points of small order. */
function decodeLargeOrder(bytes: Uint8Array): Point | null {
  try {
    const point = Point.fromBytes(bytes);
    return point.isSmallOrder() ? null : point;
  } catch {
    return null;
  }
}
