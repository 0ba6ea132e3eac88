import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ED25519_TORSION_SUBGROUP, ed25519 } from '@noble/curves/ed25519.js';
import { numberToBytesLE, bytesToNumberLE } from '@noble/curves/utils.js';
import fc from 'fast-check';
import { concatBytes, hexToBytes, utf8 } from './hex.js';
import { noblePrimitives as p } from './noble-primitives.js';

const { Point } = ed25519;
const ORDER = Point.Fn.ORDER;
const message = utf8('message');
const bytes = (hex: string): Uint8Array => hexToBytes(hex) ?? new Uint8Array();
const seed = new Uint8Array(32).fill(7);
const pair = { seed, publicKey: p.ed25519PublicKey(seed) };
const smallOrder = ED25519_TORSION_SUBGROUP.map(bytes);
/** A point of order eight. */
const torsion = Point.fromHex(ED25519_TORSION_SUBGROUP[1] ?? '');

/** A signature of scalars one knows, with torsion added to key or nonce: right but for the torsion. */
function signatureOf({ key, nonce }: { key: bigint; nonce: bigint }, add: { toKey: boolean; toNonce: boolean }) {
  const shift = (scalar: bigint, by: boolean) => {
    const point = scalar === 0n ? Point.ZERO : Point.BASE.multiply(scalar);
    return (by ? point.add(torsion) : point).toBytes();
  };
  const publicKey = shift(key, add.toKey);
  const r = shift(nonce, add.toNonce);
  const challenge =
    bytesToNumberLE(
      createHash('sha512')
        .update(concatBytes(r, publicKey, message))
        .digest(),
    ) % ORDER;
  return { publicKey, challenge, signature: concatBytes(r, numberToBytesLE((nonce + challenge * key) % ORDER, 32)) };
}

describe('Ed25519 verification', () => {
  it('takes what the key signed and nothing that differs in one bit', () => {
    const signature = p.ed25519Sign(message, pair);
    expect(p.ed25519Verify(signature, message, pair.publicKey)).toBe(true);
    fc.assert(
      fc.property(fc.nat(511), (bit) => {
        const forged = signature.slice();
        forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        return !p.ed25519Verify(forged, message, pair.publicKey);
      }),
      { numRuns: 20 },
    );
    expect(p.ed25519Verify(signature, utf8('another'), pair.publicKey)).toBe(false);
  });

  it('refuses S that was raised by the group order', () => {
    const signature = p.ed25519Sign(message, pair);
    const raised = numberToBytesLE(bytesToNumberLE(signature.subarray(32)) + ORDER, 32);
    expect(p.ed25519Verify(concatBytes(signature.subarray(0, 32), raised), message, pair.publicKey)).toBe(false);
  });

  it('refuses the forgery that fits every message under a small-order key', () => {
    for (const key of smallOrder) {
      expect(p.ed25519Verify(concatBytes(key, new Uint8Array(32)), message, key)).toBe(false);
    }
  });

  it('refuses a small-order R', () => {
    const { signature, publicKey } = signatureOf({ key: 999n, nonce: 0n }, { toKey: false, toNonce: true });
    expect(p.ed25519Verify(signature, message, publicKey)).toBe(false);
  });

  // libsodium compares R exactly; a verify that clears the cofactor would take these
  it('refuses torsion in R', () => {
    const { signature, publicKey } = signatureOf({ key: 999n, nonce: 5n }, { toKey: false, toNonce: true });
    expect(ed25519.verify(signature, message, publicKey, { zip215: false })).toBe(true);
    expect(p.ed25519Verify(signature, message, publicKey)).toBe(false);
  });

  it('refuses torsion in the key unless the challenge cancels it', () => {
    for (let nonce = 1n; nonce <= 12n; nonce += 1n) {
      const { signature, publicKey, challenge } = signatureOf({ key: 999n, nonce }, { toKey: true, toNonce: false });
      expect(p.ed25519Verify(signature, message, publicKey)).toBe(challenge % 8n === 0n);
    }
  });

  it('throws for wrong lengths, which only a programmer can cause', () => {
    expect(() => p.ed25519Verify(new Uint8Array(63), message, pair.publicKey)).toThrow(RangeError);
    expect(() => p.ed25519Verify(new Uint8Array(64), message, new Uint8Array(33))).toThrow(RangeError);
  });
});

describe('conversion to X25519', () => {
  it('refuses small-order and mixed-order points and what is no point', () => {
    const mixed = Point.BASE.multiply(5n).add(torsion).toBytes();
    const notOnCurve = numberToBytesLE(2n, 32);
    for (const key of [...smallOrder, mixed, notOnCurve, new Uint8Array(32).fill(255)]) {
      expect(p.ed25519ToX25519(key)).toBeNull();
    }
  });
});

describe('X25519', () => {
  it('agrees on both sides', () => {
    const other = new Uint8Array(32).fill(9);
    expect(p.x25519(seed, p.x25519PublicKey(other))).toEqual(p.x25519(other, p.x25519PublicKey(seed)));
  });

  it.each([
    '00'.repeat(32),
    `01${'00'.repeat(31)}`,
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  ])('refuses the low-order key %s', (hex) => {
    expect(p.x25519(seed, bytes(hex))).toBeNull();
  });
});

describe('hashes', () => {
  it('agree with node', () => {
    expect(p.sha512(message)).toEqual(new Uint8Array(createHash('sha512').update(message).digest()));
    expect(p.hmacSha256(seed, message)).toEqual(new Uint8Array(createHmac('sha256', seed).update(message).digest()));
    const whole = createHash('blake2b512').update('message').digest();
    expect(p.blake2b([utf8('mess'), utf8('age')], 64)).toEqual(new Uint8Array(whole));
  });

  it('take a BLAKE2b key', () => {
    // first keyed vector of the BLAKE2 reference: empty input, key 00..3f
    const key = Uint8Array.from({ length: 64 }, (_unused, at) => at);
    expect(p.blake2b([], 64, key).subarray(0, 8)).toEqual(bytes('10ebb67700b1868e'));
  });
});

describe('ciphers', () => {
  const key = new Uint8Array(32).fill(3);
  type Use = (key: Uint8Array, nonce: Uint8Array, input: Uint8Array) => Uint8Array | null;
  const cipher = (name: string, nonceBytes: number, added: number, seal: Use, open: Use) => ({
    name,
    nonce: new Uint8Array(nonceBytes),
    added,
    seal: (...args: Parameters<Use>) => seal(...args) ?? new Uint8Array(),
    open,
  });
  const ciphers = [
    cipher(
      'AES-GCM',
      12,
      16,
      (...args) => p.aes256GcmSeal(...args),
      (...args) => p.aes256GcmOpen(...args),
    ),
    cipher(
      'XChaCha20',
      24,
      16,
      (...args) => p.xchacha20Poly1305Seal(...args),
      (...args) => p.xchacha20Poly1305Open(...args),
    ),
    cipher(
      'AES-CBC',
      16,
      9,
      (...args) => p.aes256CbcEncrypt(...args),
      (...args) => p.aes256CbcDecrypt(...args),
    ),
  ];

  it.each(ciphers)('$name opens what it sealed', ({ nonce, seal, open, added }) => {
    const sealed = seal(key, nonce, message);
    expect(sealed).toHaveLength(message.length + added);
    expect(open(key, nonce, sealed)).toEqual(message);
  });

  it.each(ciphers)('$name says null to what does not open', ({ nonce, seal, open }) => {
    const sealed = seal(key, nonce, message);
    expect(open(new Uint8Array(32), nonce, sealed)).toBeNull();
    expect(open(key, nonce, sealed.subarray(1))).toBeNull();
    expect(open(key, nonce, new Uint8Array())).toBeNull();
  });

  it.each(ciphers)('$name throws for a key or nonce of a wrong length', ({ nonce, seal, open }) => {
    for (const use of [seal, open]) {
      expect(() => use(key.subarray(1), nonce, message)).toThrow();
      expect(() => use(key, nonce.subarray(1), message)).toThrow();
    }
  });
});
