import { createCipheriv, createDecipheriv, createHash, createHmac } from 'node:crypto';
import type { Primitives } from '#protocol';
import { requireLength } from './byte-lengths.js';

const KEY_BYTES = 32;
const TAG_BYTES = 16;
const GCM_NONCE_BYTES = 12;
const CBC_IV_BYTES = 16;

type Aead = 'aes-256-gcm' | 'chacha20-poly1305';

/** What OpenSSL does faster than anything else we can load; the same in every native back end. */
export const opensslSymmetric: Pick<
  Primitives,
  'sha512' | 'hmacSha256' | 'aes256GcmSeal' | 'aes256GcmOpen' | 'aes256CbcEncrypt' | 'aes256CbcDecrypt'
> = {
  sha512: (message) => createHash('sha512').update(message).digest(),
  hmacSha256: (key, message) => createHmac('sha256', key).update(message).digest(),

  aes256GcmSeal: (key, nonce, plaintext) => aeadSeal('aes-256-gcm', key, nonce, plaintext),
  aes256GcmOpen: (key, nonce, sealed) => aeadOpen('aes-256-gcm', key, nonce, sealed),

  aes256CbcEncrypt(key, iv, plaintext) {
    requireKeyAndNonce(key, iv, CBC_IV_BYTES);
    const cipher = createCipheriv('aes-256-cbc', key, iv);
    return Buffer.concat([cipher.update(plaintext), cipher.final()]);
  },

  aes256CbcDecrypt(key, iv, ciphertext) {
    requireKeyAndNonce(key, iv, CBC_IV_BYTES);
    const decipher = createDecipheriv('aes-256-cbc', key, iv);
    const head = decipher.update(ciphertext);
    const tail = orNull(() => decipher.final());
    return tail && Buffer.concat([head, tail]);
  },
};

/** Ciphertext, then the 16-byte tag. Key 32 bytes, nonce 12. */
export function aeadSeal(algorithm: Aead, key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array {
  requireKeyAndNonce(key, nonce, GCM_NONCE_BYTES);
  // TypeScript knows each AEAD by its own overload; at run time they are one function.
  const cipher = createCipheriv(algorithm as 'aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  const sealed = Buffer.allocUnsafe(plaintext.length + TAG_BYTES);
  sealed.set(cipher.update(plaintext));
  cipher.final(); // both are stream ciphers: nothing is left but the tag
  sealed.set(cipher.getAuthTag(), plaintext.length);
  return sealed;
}

/** Null when the tag does not match or is not there. */
export function aeadOpen(algorithm: Aead, key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | null {
  requireKeyAndNonce(key, nonce, GCM_NONCE_BYTES);
  const plaintextBytes = sealed.length - TAG_BYTES;
  if (plaintextBytes < 0) return null;
  const decipher = createDecipheriv(algorithm as 'aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(plaintextBytes));
  const plaintext = decipher.update(sealed.subarray(0, plaintextBytes));
  return orNull(() => decipher.final()) && plaintext;
}

function requireKeyAndNonce(key: Uint8Array, nonce: Uint8Array, nonceBytes: number): void {
  requireLength(key, KEY_BYTES, 'key');
  requireLength(nonce, nonceBytes, 'nonce');
}

/** OpenSSL throws where a tag or a padding does not check out; lengths were checked before. */
function orNull<T>(compute: () => T): T | null {
  try {
    return compute();
  } catch {
    return null;
  }
}
