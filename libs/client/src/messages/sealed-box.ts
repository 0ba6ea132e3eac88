import { hsalsa, xsalsa20poly1305 } from '@noble/ciphers/salsa.js';
import { u32, u8 } from '@noble/ciphers/utils.js';
import { concatBytes, utf8 } from '#protocol';
import type { Primitives } from '#protocol';
import type { X25519KeyPair } from '../account/account.js';

/** libsodium `crypto_box_seal`: 32 bytes of ephemeral key and a 16-byte tag. docs/protocol/client-messages.md §2.4 */
export const SEAL_OVERHEAD_BYTES = 48;
const KEY_BYTES = 32;
const NONCE_BYTES = 24;
const SIGMA_TEXT = 'expand 32-byte k';

/** Seals for the holder of `recipient` (X25519 public key); null when that key is of low order. */
export function sealBox(
  primitives: Primitives,
  plaintext: Uint8Array,
  recipient: Uint8Array,
  ephemeral: X25519KeyPair,
): Uint8Array | null {
  const key = boxKey(primitives, ephemeral.secretKey, recipient);
  if (!key) return null;
  const nonce = sealNonce(primitives, ephemeral.publicKey, recipient);
  return concatBytes(ephemeral.publicKey, xsalsa20poly1305(key, nonce).encrypt(plaintext));
}

/** Null when the box was made for somebody else or was changed on the way. */
export function openSealedBox(primitives: Primitives, sealed: Uint8Array, reader: X25519KeyPair): Uint8Array | null {
  if (sealed.length < SEAL_OVERHEAD_BYTES) return null;
  const ephemeralPublic = sealed.slice(0, KEY_BYTES);
  const key = boxKey(primitives, reader.secretKey, ephemeralPublic);
  if (!key) return null;
  const nonce = sealNonce(primitives, ephemeralPublic, reader.publicKey);
  try {
    return xsalsa20poly1305(key, nonce).decrypt(sealed.subarray(KEY_BYTES));
  } catch {
    return null; // noble has no other failure here than the tag
  }
}

function sealNonce(primitives: Primitives, ephemeralPublic: Uint8Array, recipient: Uint8Array): Uint8Array {
  return primitives.blake2b([ephemeralPublic, recipient], NONCE_BYTES);
}

/** `crypto_box_beforenm`: HSalsa20 of the shared secret with a zero input. */
function boxKey(primitives: Primitives, secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array | null {
  const shared = primitives.x25519(secretKey, publicKey);
  if (!shared) return null;
  const key = new Uint32Array(KEY_BYTES / 4);
  hsalsa(words(utf8(SIGMA_TEXT)), words(shared), new Uint32Array(4), key);
  return u8(key);
}

/** A copy as 32-bit words: they need an aligned buffer, and back ends may hand out views. */
function words(bytes: Uint8Array): Uint32Array {
  return u32(new Uint8Array(bytes));
}
