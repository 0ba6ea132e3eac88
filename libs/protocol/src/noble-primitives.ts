import { cbc, gcm } from '@noble/ciphers/aes.js';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { toX25519LikeLibsodium, verifyLikeLibsodium } from './libsodium-ed25519.js';
import type { Primitives } from './primitives.js';

const AES_BLOCK_BYTES = 16;

/** Portable back end: client, browser, fallback of the services and oracle of their self-test. */
export const noblePrimitives: Primitives = {
  name: 'noble',

  ed25519PublicKey: (seed) => ed25519.getPublicKey(seed),
  ed25519Sign: (message, key) => ed25519.sign(message, key.seed),

  ed25519Verify: (signature, message, publicKey) =>
    verifyLikeLibsodium(checked(signature, 64), message, checked(publicKey, 32)),
  ed25519ToX25519: (publicKey) => toX25519LikeLibsodium(checked(publicKey, 32)),

  x25519PublicKey: (secretKey) => x25519.getPublicKey(secretKey),

  x25519(secretKey, publicKey) {
    checked(secretKey, 32);
    checked(publicKey, 32);
    return orNull(() => x25519.getSharedSecret(secretKey, publicKey));
  },

  blake2b(parts, digestBytes, key) {
    const hash = blake2b.create(key === undefined ? { dkLen: digestBytes } : { dkLen: digestBytes, key });
    for (const part of parts) hash.update(part);
    return hash.digest();
  },

  sha512: (message) => sha512(message),
  hmacSha256: (key, message) => hmac(sha256, key, message),

  aes256GcmSeal: (key, nonce, plaintext) => gcm(checkedKey(key), checked(nonce, 12)).encrypt(plaintext),
  aes256GcmOpen(key, nonce, sealed) {
    const cipher = gcm(checkedKey(key), checked(nonce, 12));
    return orNull(() => cipher.decrypt(sealed));
  },

  xchacha20Poly1305Seal: (key, nonce, plaintext) =>
    xchacha20poly1305(checkedKey(key), checked(nonce, 24)).encrypt(plaintext),
  xchacha20Poly1305Open(key, nonce, sealed) {
    const cipher = xchacha20poly1305(checkedKey(key), checked(nonce, 24));
    return orNull(() => cipher.decrypt(sealed));
  },

  aes256CbcEncrypt: (key, iv, plaintext) => cbc(checkedKey(key), checked(iv, AES_BLOCK_BYTES)).encrypt(plaintext),
  aes256CbcDecrypt(key, iv, ciphertext) {
    const cipher = cbc(checkedKey(key), checked(iv, AES_BLOCK_BYTES));
    return orNull(() => cipher.decrypt(ciphertext));
  },
};

/** Noble throws where hostile input does not check out; lengths were checked before, so nothing else is hidden here. */
function orNull<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch {
    return null;
  }
}

const checkedKey = (key: Uint8Array): Uint8Array => checked(key, 32);

/** A wrong length is a programming error and must not pass for a failed check. */
function checked(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new RangeError(`expected ${length} bytes, not ${bytes.length}`);
  return bytes;
}
