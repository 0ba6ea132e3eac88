import { ed25519 } from '@noble/curves/ed25519.js';
import { concatBytes, utf8 } from '#protocol';
import type { Primitives } from '#protocol';
import type { Account } from '../account/account.js';

/** docs/protocol/client-messages.md §5, "Auth data". */
const AUTH_DATA_BYTES = 100;
const HEADER_BYTES = 4;
const SCALAR_BYTES = 32;
const SIGNATURE_DOMAIN = utf8('SubaccountSig');
const SEED_DOMAIN = utf8('SubaccountSeed');
const GROUP_PREFIX = 0x03;
const { Point } = ed25519;
const ORDER = Point.Fn.ORDER;

/** What a member proves with that an admin lets it act for the group. */
export interface Subaccount {
  /** 36 bytes: header and blinded key. */
  readonly token: Uint8Array;
  /** The admin's signature over the token, 64 bytes. */
  readonly tokenSignature: Uint8Array;
  /** Signs the bytes of a request, 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

/** From the 100 bytes of an invitation and the member's own account; null when the bytes cannot be auth data. */
export function openSubaccount(primitives: Primitives, authData: Uint8Array, member: Account): Subaccount | null {
  if (authData.length !== AUTH_DATA_BYTES || authData[0] !== GROUP_PREFIX) return null;
  const blinding = scalarOf(authData.subarray(HEADER_BYTES, HEADER_BYTES + SCALAR_BYTES));
  if (blinding === 0n) return null;

  // The Account ID has no sign bit, so the admin blinded the point whose bit is clear; the scalar must follow.
  const plain = new Uint8Array(member.ed25519.publicKey); // a copy, whatever kind of bytes
  const isNegative = ((plain[31] ?? 0) & 0x80) !== 0;
  plain[31] = (plain[31] ?? 0) & 0x7f;
  const own = scalarOf(member.x25519.secretKey);
  const secret = mod(blinding * (isNegative ? ORDER - own : own));
  const publicKey = Point.fromBytes(plain).multiply(blinding).toBytes();

  const seed = primitives.blake2b([member.ed25519.seed], SCALAR_BYTES, SEED_DOMAIN);
  return {
    token: concatBytes(authData.subarray(0, HEADER_BYTES), publicKey),
    tokenSignature: authData.slice(HEADER_BYTES + SCALAR_BYTES),
    sign: (message) => signWithScalar(primitives, { secret, publicKey, seed }, message),
  };
}

/** An ordinary Ed25519 signature under a key of which only the scalar is known. */
function signWithScalar(
  primitives: Primitives,
  key: { readonly secret: bigint; readonly publicKey: Uint8Array; readonly seed: Uint8Array },
  message: Uint8Array,
): Uint8Array {
  const { secret, publicKey, seed } = key;
  const nonce = scalarOf(primitives.blake2b([seed, publicKey, message], 64, SIGNATURE_DOMAIN));
  const commitment = Point.BASE.multiply(nonce).toBytes();
  const challenge = scalarOf(primitives.sha512(concatBytes(commitment, publicKey, message)));
  return concatBytes(commitment, bytesOf(mod(nonce + challenge * secret)));
}

/** Little-endian bytes as a number modulo the order of the group. */
function scalarOf(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
  return mod(value);
}

function bytesOf(scalar: bigint): Uint8Array {
  return Uint8Array.from({ length: SCALAR_BYTES }, (_, index) => Number((scalar >> BigInt(8 * index)) & 0xffn));
}

const mod = (value: bigint): bigint => value % ORDER;
