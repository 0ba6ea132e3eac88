import {
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { noblePrimitives, type Ed25519KeyPair, type Primitives } from '#protocol';
import { requireLength } from './byte-lengths.js';
import { cachedConversion } from './conversion-cache.js';
import { isStrictEd25519 } from './ed25519-strictness.js';
import { hybridXchachaOpen, hybridXchachaSeal } from './hybrid-xchacha.js';
import { opensslSymmetric } from './openssl-symmetric.js';

type Curve = 'Ed25519' | 'X25519';

/** A JWK of a private key must name a public one; OpenSSL computes its own from the secret and ignores this. */
const UNUSED_PUBLIC = Buffer.alloc(32).toString('base64url');

/**
 * Back end for machines where sodium-native does not load: node:crypto, and noble for what OpenSSL lacks.
 * Keys are imported as JWK; the DER way costs twenty times as much.
 */
export function nodePrimitives(): Primitives {
  const signingKeys = new WeakMap<Ed25519KeyPair, KeyObject>();
  const agreementKey = cachedAgreementKeys();

  return {
    name: 'node:crypto',
    ...opensslSymmetric,

    ed25519PublicKey: (seed) => publicBytes(privateKey('Ed25519', seed)),

    ed25519Sign(message, pair) {
      let key = signingKeys.get(pair);
      if (key === undefined) {
        key = privateKey('Ed25519', pair.seed);
        signingKeys.set(pair, key);
      }
      return sign(null, message, key);
    },

    ed25519Verify(signature, message, bytes) {
      requireLength(signature, 64, 'signature');
      requireLength(bytes, 32, 'public key');
      return isStrictEd25519(signature, bytes) && verify(null, message, publicKey('Ed25519', bytes), signature);
    },

    ed25519ToX25519: cachedConversion(noblePrimitives.ed25519ToX25519.bind(noblePrimitives)),

    x25519PublicKey: (secretKey) => publicBytes(privateKey('X25519', secretKey)),

    x25519(secretKey, bytes) {
      const agreement = { privateKey: agreementKey(secretKey), publicKey: publicKey('X25519', bytes) };
      try {
        return diffieHellman(agreement);
      } catch {
        return null; // OpenSSL's word for an all-zero result
      }
    },

    blake2b(parts, digestBytes, key) {
      if (digestBytes !== 64 || key !== undefined) return noblePrimitives.blake2b(parts, digestBytes, key);
      const hash = createHash('blake2b512'); // the only BLAKE2b that OpenSSL offers through Node
      for (const part of parts) hash.update(part);
      return hash.digest();
    },

    xchacha20Poly1305Seal: hybridXchachaSeal,
    xchacha20Poly1305Open: hybridXchachaOpen,
  };
}

/** Importing a secret costs as much as the agreement; a node uses one secret for every layer. */
function cachedAgreementKeys(): (secretKey: Uint8Array) => KeyObject {
  const keys = new WeakMap<Uint8Array, { readonly secret: Buffer; readonly key: KeyObject }>();
  return (secretKey) => {
    const known = keys.get(secretKey);
    if (known?.secret.equals(secretKey)) return known.key; // equal: the array was not written to since
    const key = privateKey('X25519', secretKey);
    keys.set(secretKey, { secret: Buffer.from(secretKey), key });
    return key;
  };
}

function privateKey(crv: Curve, secret: Uint8Array): KeyObject {
  requireLength(secret, 32, 'secret key');
  return createPrivateKey({ key: { kty: 'OKP', crv, d: base64url(secret), x: UNUSED_PUBLIC }, format: 'jwk' });
}

function publicKey(crv: Curve, bytes: Uint8Array): KeyObject {
  requireLength(bytes, 32, 'public key');
  return createPublicKey({ key: { kty: 'OKP', crv, x: base64url(bytes) }, format: 'jwk' });
}

function publicBytes(key: KeyObject): Uint8Array {
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  if (x === undefined) throw new Error('an OKP key without its public part');
  return Buffer.from(x, 'base64url');
}

const base64url = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url');
