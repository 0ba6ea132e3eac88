import { hchacha } from '@noble/ciphers/chacha.js';
import { requireLength } from './byte-lengths.js';
import { aeadOpen, aeadSeal } from './openssl-symmetric.js';

const XCHACHA_NONCE_BYTES = 24;
/** "expand 32-byte k" in little-endian words. */
const SIGMA = Uint32Array.of(0x61707865, 0x3320646e, 0x79622d32, 0x6b206574);

/** XChaCha20-Poly1305 where only ChaCha20-Poly1305 is native: the key and nonce step in JavaScript, the bulk in OpenSSL. */
export function hybridXchachaSeal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const inner = innerKeyAndNonce(key, nonce);
  return aeadSeal('chacha20-poly1305', inner.key, inner.nonce, plaintext);
}

/** Null when the tag does not match. */
export function hybridXchachaOpen(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | null {
  const inner = innerKeyAndNonce(key, nonce);
  return aeadOpen('chacha20-poly1305', inner.key, inner.nonce, sealed);
}

/** draft-irtf-cfrg-xchacha §2.3: HChaCha20 of key and 16 nonce bytes, then four zeros and the other 8. */
function innerKeyAndNonce(key: Uint8Array, nonce: Uint8Array): { key: Uint8Array; nonce: Uint8Array } {
  requireLength(key, 32, 'key');
  requireLength(nonce, XCHACHA_NONCE_BYTES, 'nonce');
  const subkey = new Uint32Array(8);
  hchacha(SIGMA, wordsOf(key), wordsOf(nonce.subarray(0, 16)), subkey);
  const innerNonce = new Uint8Array(12);
  innerNonce.set(nonce.subarray(16), 4);
  return { key: new Uint8Array(subkey.buffer), nonce: innerNonce };
}

/** A copy, because the words of a view need not be aligned. */
const wordsOf = (bytes: Uint8Array): Uint32Array => new Uint32Array(new Uint8Array(bytes).buffer);
