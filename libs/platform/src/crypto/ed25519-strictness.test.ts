import { describe, expect, it } from '@jest/globals';
import { ed25519, ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519.js';
import { noblePrimitives, type Primitives } from '#protocol';
import { nodePrimitives } from './node-primitives.js';
import { sodiumPrimitives } from './sodium-primitives.js';

const sodium = sodiumPrimitives();
const backEnds: readonly (readonly [string, Primitives])[] = [
  nodePrimitives(),
  ...(sodium ? [sodium] : []),
  noblePrimitives,
].map((p) => [p.name, p] as const);

const { Point } = ed25519;
const L = Point.Fn.ORDER;
const P = Point.Fp.ORDER;
const MESSAGE = Buffer.from('a message');
/** Secret scalars of the key and of the nonce; here an attacker knows both and may choose any points. */
const KEY_SCALAR = 0x1234567890abcdef1234567890abcdefn;
const NONCE_SCALAR = 0xfedcba0987654321fedcba0987654321n;
const SIGN_BIT = 1n << 255n;

const torsion = (index: number): InstanceType<typeof Point> => Point.fromHex(ED25519_TORSION_SUBGROUP[index] ?? '');

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from(Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse());
}

const fromLittleEndian = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);

interface Signed {
  readonly signature: Uint8Array;
  readonly message: Uint8Array;
  readonly publicKey: Uint8Array;
}

const challenge = (r: Uint8Array, a: Uint8Array, message: Uint8Array): bigint =>
  fromLittleEndian(noblePrimitives.sha512(Buffer.concat([r, a, message]))) % L;

/** S = r + h a, for points spelled as the attacker likes; `h` is over these spellings, as every verifier computes it. */
function signed(
  r: Uint8Array,
  a: Uint8Array,
  message: Uint8Array = MESSAGE,
  nonce = NONCE_SCALAR,
  key = KEY_SCALAR,
): Signed {
  const s = (nonce + challenge(r, a, message) * key) % L;
  return { signature: Buffer.concat([r, littleEndian(s)]), message, publicKey: a };
}

const KEY_POINT = Point.BASE.multiply(KEY_SCALAR);
const NONCE_POINT = Point.BASE.multiply(NONCE_SCALAR);
const good = signed(NONCE_POINT.toBytes(), KEY_POINT.toBytes());
const flip = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
const withS = (s: bigint): Signed => ({
  ...good,
  signature: Buffer.concat([good.signature.subarray(0, 32), littleEndian(s)]),
});
const goodS = fromLittleEndian(good.signature.subarray(32));

/** A message whose challenge is, or is not, a multiple of `divisor`. */
function messageWith(divisor: bigint, isMultiple: boolean, r: Uint8Array, a: Uint8Array): Uint8Array {
  for (let i = 0; ; i += 1) {
    const message = Buffer.from(`message ${i}`);
    if ((challenge(r, a, message) % divisor === 0n) === isMultiple) return message;
  }
}

const mixedKey = KEY_POINT.add(torsion(4)).toBytes();
const mixedNonce = NONCE_POINT.add(torsion(1)).toBytes();
const plainNonce = NONCE_POINT.toBytes();

/** Hand-made in the manner of Wycheproof: what each tests, and libsodium's answer. */
const CASES: readonly (readonly [string, Signed, boolean])[] = [
  ['a good signature', good, true],
  ['an empty message', signed(plainNonce, KEY_POINT.toBytes(), new Uint8Array()), true],
  ['another message', { ...good, message: Buffer.from('b message') }, false],
  ['a bit of R changed', { ...good, signature: flip(good.signature, 3) }, false],
  ['a bit of S changed', { ...good, signature: flip(good.signature, 40) }, false],
  ['a bit of the key changed', { ...good, publicKey: flip(good.publicKey, 5) }, false],
  [
    'the sign of the key changed',
    { ...good, publicKey: littleEndian(fromLittleEndian(good.publicKey) ^ SIGN_BIT) },
    false,
  ],
  ['all bytes zero', { ...good, signature: new Uint8Array(64) }, false],
  ['all bytes 0xff', { ...good, signature: new Uint8Array(64).fill(0xff) }, false],
  ['S + L', withS(goodS + L), false],
  ['S + 2 L', withS(goodS + 2n * L), false],
  ['S = 0', withS(0n), false],
  ['S = L', withS(L), false],
  ['S = L - 1', withS(L - 1n), false],
  ['the top bits of S set', withS(goodS | (7n << 253n)), false],
  ['a key that is no point', { ...good, publicKey: littleEndian(2n) }, false],
  ['an R that is no point', { ...good, signature: Buffer.concat([littleEndian(2n), littleEndian(goodS)]) }, false],
  ['a key beyond the field', { ...good, publicKey: littleEndian(P + 3n) }, false],
  [
    'the forgery of zeros under the zero key',
    { ...good, signature: new Uint8Array(64), publicKey: new Uint8Array(32) },
    false,
  ],
  ['the identity, spelled p + 1, for R', signed(littleEndian(P + 1n), KEY_POINT.toBytes(), MESSAGE, 0n), false],
  ['the identity, with a sign, for R', signed(littleEndian(1n | SIGN_BIT), KEY_POINT.toBytes(), MESSAGE, 0n), false],
  [
    'the identity, spelled p + 1, for a key',
    signed(plainNonce, littleEndian(P + 1n), MESSAGE, NONCE_SCALAR, 0n),
    false,
  ],
  [
    'the identity, with a sign, for a key',
    signed(plainNonce, littleEndian(1n | SIGN_BIT), MESSAGE, NONCE_SCALAR, 0n),
    false,
  ],
  ...ED25519_TORSION_SUBGROUP.flatMap((_point, i): [string, Signed, boolean][] => {
    const small = torsion(i).toBytes();
    return [
      [`R of small order (${i})`, signed(small, KEY_POINT.toBytes(), MESSAGE, 0n), false],
      [`a key of small order (${i})`, signed(plainNonce, small, MESSAGE, NONCE_SCALAR, 0n), false],
      [
        `a key of small order (${i}) under a message that cancels it`,
        signed(plainNonce, small, messageWith(8n, true, plainNonce, small), NONCE_SCALAR, 0n),
        false,
      ],
      [`both of small order (${i})`, signed(small, small, MESSAGE, 0n, 0n), false],
    ];
  }),
  // Verification without cofactor: what is left over of small order decides.
  ['a small-order part in R', signed(mixedNonce, KEY_POINT.toBytes()), false],
  ['a small-order part in the key', signed(plainNonce, mixedKey, messageWith(2n, false, plainNonce, mixedKey)), false],
  [
    'a small-order part in the key that the message cancels',
    signed(plainNonce, mixedKey, messageWith(2n, true, plainNonce, mixedKey)),
    true,
  ],
];

describe.each(backEnds)('%s', (_name, p) => {
  it.each(CASES)('verifies like libsodium: %s', (_case, { signature, message, publicKey }, expected) => {
    expect(p.ed25519Verify(signature, message, publicKey)).toBe(expected);
  });

  it.each([
    ['0', littleEndian(0n)],
    ['y beyond the field', littleEndian(P + 3n)],
    ['the identity, spelled p + 1', littleEndian(P + 1n)],
    ['the identity, with a sign', littleEndian(1n | SIGN_BIT)],
    ['no point', littleEndian(2n)],
    ['a point of mixed order', mixedKey],
    ['all bytes 0xff', new Uint8Array(32).fill(0xff)],
    ...ED25519_TORSION_SUBGROUP.map((_point, i): [string, Uint8Array] => [`small order (${i})`, torsion(i).toBytes()]),
  ])('converts no key that is %s', (_case, publicKey) => {
    expect(p.ed25519ToX25519(publicKey)).toBeNull();
    expect(p.ed25519ToX25519(publicKey)).toBeNull(); // nor on second thoughts, from a cache
  });
});
