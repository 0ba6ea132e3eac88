import type { Primitives } from '#protocol';

/** A native back end computes something else than the portable one; no key may be used with it. */
export class CryptoSelfTestError extends Error {
  constructor(backEnd: string, operation: string) {
    super(
      `crypto back end ${backEnd} gives a wrong answer for ${operation}; ` +
        'reinstall the dependencies (npm ci), or remove sodium-native so that node:crypto is used',
    );
  }
}

type Answer = Uint8Array | boolean | null;

const bytes = (length: number, first: number): Uint8Array => Uint8Array.from({ length }, (_unused, i) => first + 7 * i);
const flipped = (source: Uint8Array, at: number): Uint8Array => source.map((byte, i) => (i === at ? byte ^ 1 : byte));

const SEED = bytes(32, 1);
const SECRET = bytes(32, 90);
const KEY = bytes(32, 40);
const MESSAGE = bytes(77, 3);
const ALL_ZERO = new Uint8Array(32);
const ZERO_SIGNATURE = new Uint8Array(64);

/** A signature of MESSAGE with a part of order 8 in its R: only verification with cofactor, not libsodium's, takes it. */
const MIXED_ORDER_KEY = Buffer.from('ce0835d5eef35d3d7194904428ab19ee30b76afce559883b3b3542994e42af45', 'hex');
const MIXED_ORDER_SIGNATURE = Buffer.from(
  'ca546e2e3c289f3ca313fbc0cd84a0e07bf7290bbaaa4ae9f433c00a49d7ea66' +
    '85ab16af8cb46da01ed142cfc565276f76516551e94e6a120a4c1660c8e41707',
  'hex',
);

/** Every operation, with input it must take and input it must refuse. */
const CHECKS: readonly (readonly [string, (p: Primitives) => Answer])[] = [
  ['Ed25519 public keys', (p) => p.ed25519PublicKey(SEED)],
  ['Ed25519 signatures', (p) => signature(p)],
  ['Ed25519 verification', (p) => p.ed25519Verify(signature(p), MESSAGE, p.ed25519PublicKey(SEED))],
  ['Ed25519 forgeries', (p) => p.ed25519Verify(flipped(signature(p), 2), MESSAGE, p.ed25519PublicKey(SEED))],
  ['Ed25519 keys of small order', (p) => p.ed25519Verify(ZERO_SIGNATURE, MESSAGE, ALL_ZERO)],
  ['Ed25519 mixed order', (p) => p.ed25519Verify(MIXED_ORDER_SIGNATURE, MESSAGE, MIXED_ORDER_KEY)],
  ['key conversion', (p) => p.ed25519ToX25519(p.ed25519PublicKey(SEED))],
  ['key conversion of small order', (p) => p.ed25519ToX25519(ALL_ZERO)],
  ['X25519 public keys', (p) => p.x25519PublicKey(SECRET)],
  ['X25519', (p) => p.x25519(SECRET, p.x25519PublicKey(KEY))],
  ['X25519 of low order', (p) => p.x25519(SECRET, ALL_ZERO)],
  ['BLAKE2b-256', (p) => p.blake2b([MESSAGE, KEY], 32)],
  ['BLAKE2b-512', (p) => p.blake2b([MESSAGE, KEY], 64)],
  ['keyed BLAKE2b', (p) => p.blake2b([MESSAGE], 32, KEY)],
  ['SHA-512', (p) => p.sha512(MESSAGE)],
  ['HMAC-SHA256', (p) => p.hmacSha256(KEY, MESSAGE)],
  ['AES-256-GCM', (p) => p.aes256GcmSeal(KEY, bytes(12, 5), MESSAGE)],
  ['AES-256-GCM opening', (p) => p.aes256GcmOpen(KEY, bytes(12, 5), p.aes256GcmSeal(KEY, bytes(12, 5), MESSAGE))],
  ['AES-256-GCM forgeries', (p) => p.aes256GcmOpen(KEY, bytes(12, 5), MESSAGE)],
  ['XChaCha20-Poly1305', (p) => p.xchacha20Poly1305Seal(KEY, bytes(24, 5), MESSAGE)],
  [
    'XChaCha20-Poly1305 opening',
    (p) => p.xchacha20Poly1305Open(KEY, bytes(24, 5), p.xchacha20Poly1305Seal(KEY, bytes(24, 5), MESSAGE)),
  ],
  ['XChaCha20-Poly1305 forgeries', (p) => p.xchacha20Poly1305Open(KEY, bytes(24, 5), MESSAGE)],
  ['AES-256-CBC', (p) => p.aes256CbcEncrypt(KEY, bytes(16, 5), MESSAGE)],
  ['AES-256-CBC padding', (p) => p.aes256CbcDecrypt(KEY, bytes(16, 5), bytes(32, 6))],
];

const signature = (p: Primitives): Uint8Array =>
  p.ed25519Sign(MESSAGE, { seed: SEED, publicKey: p.ed25519PublicKey(SEED) });

/** Compares a back end with the portable one, about 100 ms at boot. Throws CryptoSelfTestError. */
export function selfTest(candidate: Primitives, oracle: Primitives): void {
  for (const [operation, compute] of CHECKS) {
    if (!isSame(answerOf(compute, candidate), compute(oracle))) {
      throw new CryptoSelfTestError(candidate.name, operation);
    }
  }
}

function answerOf(compute: (p: Primitives) => Answer, p: Primitives): Answer | undefined {
  try {
    return compute(p);
  } catch {
    return undefined; // a back end that throws where the other answers is as wrong as any
  }
}

function isSame(a: Answer | undefined, b: Answer): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return a === b;
}
