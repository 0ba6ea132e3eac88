import { describe, expect, it } from '@jest/globals';
import { noblePrimitives, type Primitives } from '#protocol';
import { nativePrimitives } from './native-primitives.js';
import { nodePrimitives } from './node-primitives.js';
import { CryptoSelfTestError, selfTest } from './self-test.js';

const node = nodePrimitives();
const spoiled = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte));

/** One broken operation each; `Record` makes sure that none is left out. */
const BROKEN: Record<Exclude<keyof Primitives, 'name'>, Partial<Primitives>> = {
  ed25519PublicKey: { ed25519PublicKey: (seed) => spoiled(node.ed25519PublicKey(seed)) },
  ed25519Sign: { ed25519Sign: (message, key) => spoiled(node.ed25519Sign(message, key)) },
  ed25519Verify: { ed25519Verify: () => true },
  ed25519ToX25519: { ed25519ToX25519: () => null },
  x25519PublicKey: { x25519PublicKey: (secret) => spoiled(node.x25519PublicKey(secret)) },
  x25519: { x25519: () => new Uint8Array(32) },
  blake2b: { blake2b: (parts, digestBytes) => node.blake2b(parts.slice(0, 1), digestBytes) },
  sha512: { sha512: (message) => spoiled(node.sha512(message)) },
  hmacSha256: { hmacSha256: (key, message) => node.hmacSha256(message, key) },
  aes256GcmSeal: { aes256GcmSeal: (key, nonce, text) => spoiled(node.aes256GcmSeal(key, nonce, text)) },
  aes256GcmOpen: { aes256GcmOpen: (_key, _nonce, sealed) => sealed },
  xchacha20Poly1305Seal: {
    xchacha20Poly1305Seal: (key, nonce, text) => node.aes256GcmSeal(key, nonce.subarray(0, 12), text),
  },
  xchacha20Poly1305Open: { xchacha20Poly1305Open: () => null },
  aes256CbcEncrypt: { aes256CbcEncrypt: (_key, _iv, text) => text },
  aes256CbcDecrypt: {
    aes256CbcDecrypt: () => {
      throw new Error('broken');
    },
  },
};

describe('the boot self-test', () => {
  it('lets the back end of this machine pass', () => {
    expect(['sodium-native', 'node:crypto']).toContain(nativePrimitives().name);
    selfTest(node, noblePrimitives);
  });

  it.each(Object.entries(BROKEN))(
    'refuses a back end whose %s is broken, and says what to do',
    (_operation, broken) => {
      const candidate = { ...node, ...broken, name: 'broken' };
      expect(() => selfTest(candidate, noblePrimitives)).toThrow(CryptoSelfTestError);
      expect(() => selfTest(candidate, noblePrimitives)).toThrow(
        /^crypto back end broken gives a wrong answer for .*npm ci/,
      );
    },
  );
});
