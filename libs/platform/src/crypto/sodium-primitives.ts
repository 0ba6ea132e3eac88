import { createRequire } from 'node:module';
import type * as SodiumModule from 'sodium-native';
import type { Ed25519KeyPair, Primitives } from '#protocol';
import { requireLength } from './byte-lengths.js';
import { cachedConversion } from './conversion-cache.js';
import { opensslSymmetric } from './openssl-symmetric.js';

type Sodium = typeof SodiumModule;

const TAG_BYTES = 16;

/** The fastest back end; null where sodium-native is not installed or has no binary for this machine. */
export function sodiumPrimitives(): Primitives | null {
  const sodium = loadSodium();
  return sodium && fromSodium(sodium);
}

function loadSodium(): Sodium | null {
  try {
    return createRequire(import.meta.url)('sodium-native') as Sodium;
  } catch {
    return null; // an optional dependency: the caller takes node:crypto instead and says so
  }
}

function fromSodium(sodium: Sodium): Primitives {
  const secretKeys = new WeakMap<Ed25519KeyPair, Buffer>();

  return {
    name: 'sodium-native',
    ...opensslSymmetric,

    ed25519PublicKey(seed) {
      requireLength(seed, 32, 'seed');
      const publicKey = new Uint8Array(32);
      sodium.crypto_sign_seed_keypair(view(publicKey), Buffer.allocUnsafeSlow(64), view(seed));
      return publicKey;
    },

    ed25519Sign(message, pair) {
      let secretKey = secretKeys.get(pair);
      if (secretKey === undefined) {
        requireLength(pair.seed, 32, 'seed');
        requireLength(pair.publicKey, 32, 'public key');
        secretKey = Buffer.concat([pair.seed, pair.publicKey]); // libsodium's own form of a secret key
        secretKeys.set(pair, secretKey);
      }
      const signature = new Uint8Array(64);
      sodium.crypto_sign_detached(view(signature), view(message), secretKey);
      return signature;
    },

    ed25519Verify(signature, message, publicKey) {
      requireLength(signature, 64, 'signature');
      requireLength(publicKey, 32, 'public key');
      return sodium.crypto_sign_verify_detached(view(signature), view(message), view(publicKey));
    },

    ed25519ToX25519: cachedConversion((publicKey) => {
      requireLength(publicKey, 32, 'public key');
      return intoNew(32, (converted) => sodium.crypto_sign_ed25519_pk_to_curve25519(converted, view(publicKey)));
    }),

    x25519PublicKey(secretKey) {
      requireLength(secretKey, 32, 'secret key');
      const publicKey = new Uint8Array(32);
      sodium.crypto_scalarmult_base(view(publicKey), view(secretKey));
      return publicKey;
    },

    x25519(secretKey, publicKey) {
      requireLength(secretKey, 32, 'secret key');
      requireLength(publicKey, 32, 'public key');
      return intoNew(32, (shared) => sodium.crypto_scalarmult(shared, view(secretKey), view(publicKey)));
    },

    blake2b(parts, digestBytes, key) {
      const digest = new Uint8Array(digestBytes);
      const views = parts.map(view);
      if (key === undefined) sodium.crypto_generichash_batch(view(digest), views);
      else sodium.crypto_generichash_batch(view(digest), views, view(key));
      return digest;
    },

    xchacha20Poly1305Seal(key, nonce, plaintext) {
      requireLength(key, 32, 'key');
      requireLength(nonce, 24, 'nonce');
      const sealed = Buffer.allocUnsafe(plaintext.length + TAG_BYTES);
      sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(sealed, view(plaintext), null, null, view(nonce), view(key));
      return sealed;
    },

    xchacha20Poly1305Open(key, nonce, sealed) {
      requireLength(key, 32, 'key');
      requireLength(nonce, 24, 'nonce');
      if (sealed.length < TAG_BYTES) return null;
      return intoNew(sealed.length - TAG_BYTES, (plaintext) =>
        sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(plaintext, null, view(sealed), null, view(nonce), view(key)),
      );
    },
  };
}

/** Null when sodium throws: lengths were checked before, so only what an attacker chose is refused here. */
function intoNew(length: number, write: (target: Buffer) => unknown): Uint8Array | null {
  const target = Buffer.allocUnsafe(length);
  try {
    write(target);
    return target;
  } catch {
    return null;
  }
}

/** The typings ask for Buffer, the binding takes any view of bytes; nothing is copied. */
const view = (bytes: Uint8Array): Buffer => bytes as Buffer;
