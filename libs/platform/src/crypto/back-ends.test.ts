import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LOW_ORDER_KEYS } from '../../../../test/vectors/low-order-keys.js';
import { hex, loadOnionVectors } from '../../../../test/vectors/onion-vectors.js';
import { noblePrimitives, type EncType, type Primitives } from '#protocol';
import { nodePrimitives } from './node-primitives.js';
import { sodiumPrimitives } from './sodium-primitives.js';

const sodium = sodiumPrimitives();
const backEnds: readonly (readonly [string, Primitives])[] = [
  nodePrimitives(),
  ...(sodium ? [sodium] : []),
  noblePrimitives,
].map((p) => [p.name, p] as const);

const vectors = loadOnionVectors();
const asHex = (bytes: Uint8Array | null): string | null => bytes && Buffer.from(bytes).toString('hex');
const exactly = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const upTo = (maxLength: number) => fc.uint8Array({ maxLength });

interface Cipher {
  seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array;
  open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | null;
}

const cipherOf = (p: Primitives, encType: EncType): Cipher =>
  ({
    xchacha20: { seal: p.xchacha20Poly1305Seal.bind(p), open: p.xchacha20Poly1305Open.bind(p) },
    'aes-gcm': { seal: p.aes256GcmSeal.bind(p), open: p.aes256GcmOpen.bind(p) },
    'aes-cbc': { seal: p.aes256CbcEncrypt.bind(p), open: p.aes256CbcDecrypt.bind(p) },
  })[encType];

const withTopBit = (key: string): string => key.slice(0, 62) + (Number.parseInt(key.slice(62), 16) | 0x80).toString(16);

it('loads sodium-native wherever it is installed', () => {
  const isInstalled = (() => {
    try {
      return createRequire(import.meta.url).resolve('sodium-native') !== '';
    } catch {
      return false;
    }
  })();
  expect(sodium !== null).toBe(isInstalled);
});

describe.each(backEnds)('%s', (_name, p) => {
  it('signs as RFC 8032 §7.1 says', () => {
    const seed = hex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
    const publicKey = p.ed25519PublicKey(seed);
    expect(asHex(publicKey)).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
    expect(asHex(p.ed25519Sign(new Uint8Array(), { seed, publicKey }))).toBe(
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155' +
        '5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    );
  });

  it('agrees on keys as RFC 7748 §5.2 says', () => {
    const scalar = hex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4');
    const u = hex('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c');
    expect(asHex(p.x25519(scalar, u))).toBe('c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552');
  });

  it.each(vectors.nodes.map((node) => [node.name, node] as const))('derives the keys of the %s node', (_node, node) => {
    expect(asHex(p.ed25519PublicKey(hex(node.ed25519_seed)))).toBe(node.ed25519_pubkey);
    expect(asHex(p.ed25519ToX25519(hex(node.ed25519_pubkey)))).toBe(node.x25519_pubkey);
    expect(asHex(p.x25519PublicKey(hex(node.x25519_seckey)))).toBe(node.x25519_pubkey);
    expect(asHex(p.sha512(hex(node.ed25519_seed)))?.slice(2, 62)).toBe(node.x25519_seckey.slice(2, 62));
  });

  it.each(vectors.shared_keys.map((v) => [v.name, v] as const))('derives the layer keys of %s', (_case, v) => {
    const shared = p.x25519(hex(v.server_seckey), hex(v.client_pubkey)) ?? new Uint8Array();
    expect(asHex(shared)).toBe(v.x25519_shared);
    expect(asHex(p.hmacSha256(Buffer.from('LOKI'), shared))).toBe(v.aes_gcm_key);
    expect(asHex(p.blake2b([shared, hex(v.client_pubkey), hex(v.server_pubkey)], 32))).toBe(v.xchacha20_key);
  });

  it.each(vectors.hop_ciphers.map((v) => [v.name, v] as const))('seals and opens %s', (_case, v) => {
    const key = hex(
      vectors.shared_keys.find((item) => item.client_pubkey === v.client_pubkey)?.[
        ({ xchacha20: 'xchacha20_key', 'aes-gcm': 'aes_gcm_key', 'aes-cbc': 'aes_cbc_key' } as const)[v.enc_type]
      ] ?? '',
    );
    const sealed = hex(v.ciphertext.slice(v.nonce.length));
    expect(asHex(cipherOf(p, v.enc_type).seal(key, hex(v.nonce), hex(v.plaintext)))).toBe(asHex(sealed));
    expect(asHex(cipherOf(p, v.enc_type).open(key, hex(v.nonce), sealed))).toBe(v.plaintext);
  });

  it.each(LOW_ORDER_KEYS.flatMap((key) => [key, withTopBit(key)]))('refuses the X25519 key of low order %s', (key) => {
    expect(p.x25519(hex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4'), hex(key))).toBeNull();
  });

  it.each([0, 1, 15])('refuses sealed bytes shorter than a tag (%d bytes)', (length) => {
    const key = new Uint8Array(32);
    expect(p.aes256GcmOpen(key, new Uint8Array(12), new Uint8Array(length))).toBeNull();
    expect(p.xchacha20Poly1305Open(key, new Uint8Array(24), new Uint8Array(length))).toBeNull();
    expect(p.aes256CbcDecrypt(key, new Uint8Array(16), new Uint8Array(length))).toBeNull();
  });

  it.each<[string, () => unknown]>([
    ['a seed of 31 bytes', () => p.ed25519PublicKey(new Uint8Array(31))],
    ['a signature of 63 bytes', () => p.ed25519Verify(new Uint8Array(63), new Uint8Array(), new Uint8Array(32))],
    ['a signature of 65 bytes', () => p.ed25519Verify(new Uint8Array(65), new Uint8Array(), new Uint8Array(32))],
    ['an Ed25519 key of 33 bytes', () => p.ed25519Verify(new Uint8Array(64), new Uint8Array(), new Uint8Array(33))],
    ['an Ed25519 key of 31 bytes to convert', () => p.ed25519ToX25519(new Uint8Array(31))],
    ['an X25519 secret of 31 bytes', () => p.x25519(new Uint8Array(31), new Uint8Array(32).fill(9))],
    ['an X25519 key of 33 bytes', () => p.x25519(new Uint8Array(32).fill(1), new Uint8Array(33).fill(9))],
    ['a GCM key of 16 bytes', () => p.aes256GcmOpen(new Uint8Array(16), new Uint8Array(12), new Uint8Array(16))],
    ['a GCM nonce of 16 bytes', () => p.aes256GcmSeal(new Uint8Array(32), new Uint8Array(16), new Uint8Array(16))],
    [
      'an XChaCha20 key of 16 bytes',
      () => p.xchacha20Poly1305Seal(new Uint8Array(16), new Uint8Array(24), new Uint8Array(1)),
    ],
    [
      'an XChaCha20 nonce of 12 bytes',
      () => p.xchacha20Poly1305Open(new Uint8Array(32), new Uint8Array(12), new Uint8Array(16)),
    ],
    ['an iv of 12 bytes', () => p.aes256CbcEncrypt(new Uint8Array(32), new Uint8Array(12), new Uint8Array(16))],
  ])('throws on %s, which no peer can cause', (_case, call) => {
    expect(call).toThrow();
  });

  it('hands out results that later calls leave alone', () => {
    const secret = hex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4');
    const publicKey = p.x25519PublicKey(secret);
    const kept = [p.x25519(secret, publicKey), p.ed25519ToX25519(p.ed25519PublicKey(secret)), p.blake2b([secret], 32)];
    const before = kept.map(asHex);
    kept[1]?.fill(0); // also not the cache's own copy
    for (let i = 0; i < 300; i += 1) p.blake2b([Uint8Array.of(i)], 32);
    expect(kept.map(asHex)).toEqual([before[0], '00'.repeat(32), before[2]]);
    expect(asHex(p.ed25519ToX25519(p.ed25519PublicKey(secret)))).toBe(before[1]);
  });

  it('notices when a secret it knows is overwritten', () => {
    const secret = new Uint8Array(32).fill(1);
    const publicKey = p.x25519PublicKey(new Uint8Array(32).fill(3));
    const first = p.x25519(secret, publicKey);
    secret.fill(2);
    expect(asHex(p.x25519(secret, publicKey))).toBe(
      asHex(noblePrimitives.x25519(new Uint8Array(32).fill(2), publicKey)),
    );
    expect(asHex(first)).not.toBe(asHex(p.x25519(secret, publicKey)));
  });
});

describe.each(backEnds.filter(([, p]) => p !== noblePrimitives))('%s answers like noble', (_name, p) => {
  it('for hashes of any length, in any number of parts', () => {
    const input = fc.tuple(
      fc.array(upTo(300), { maxLength: 5 }),
      fc.integer({ min: 1, max: 64 }),
      fc.option(fc.uint8Array({ minLength: 1, maxLength: 64 }), { nil: undefined }),
    );
    fc.assert(
      fc.property(input, ([parts, digestBytes, key]) => {
        expect(asHex(p.blake2b(parts, digestBytes, key))).toBe(asHex(noblePrimitives.blake2b(parts, digestBytes, key)));
        const message = Buffer.concat(parts);
        expect(asHex(p.sha512(message))).toBe(asHex(noblePrimitives.sha512(message)));
        const mac = (q: Primitives) => asHex(q.hmacSha256(key ?? new Uint8Array(4), message));
        expect(mac(p)).toBe(mac(noblePrimitives));
      }),
    );
  });

  it('for every cipher, and after one bit changed', () => {
    const input = fc.record({ key: exactly(32), nonce: exactly(24), text: upTo(200), at: fc.nat(), bit: fc.nat(7) });
    fc.assert(
      fc.property(input, ({ key, nonce, text, at, bit }) => {
        const short = nonce.subarray(0, 12);
        const iv = nonce.subarray(8);
        const gcm = p.aes256GcmSeal(key, short, text);
        expect(asHex(gcm)).toBe(asHex(noblePrimitives.aes256GcmSeal(key, short, text)));
        expect(asHex(p.aes256GcmOpen(key, short, gcm))).toBe(asHex(text));
        const xchacha = p.xchacha20Poly1305Seal(key, nonce, text);
        expect(asHex(xchacha)).toBe(asHex(noblePrimitives.xchacha20Poly1305Seal(key, nonce, text)));
        expect(asHex(p.xchacha20Poly1305Open(key, nonce, xchacha))).toBe(asHex(text));
        const cbc = p.aes256CbcEncrypt(key, iv, text);
        expect(asHex(cbc)).toBe(asHex(noblePrimitives.aes256CbcEncrypt(key, iv, text)));
        expect(asHex(p.aes256CbcDecrypt(key, iv, cbc))).toBe(asHex(text));

        for (const sealed of [gcm, xchacha, cbc]) {
          const index = at % sealed.length;
          sealed[index] = (sealed[index] ?? 0) ^ (1 << bit);
        }
        expect(p.aes256GcmOpen(key, short, gcm)).toBeNull();
        expect(p.xchacha20Poly1305Open(key, nonce, xchacha)).toBeNull();
        expect(asHex(p.aes256CbcDecrypt(key, iv, cbc))).toBe(asHex(noblePrimitives.aes256CbcDecrypt(key, iv, cbc)));
      }),
    );
  });

  it('for key agreement with any bytes for a key', () => {
    fc.assert(
      fc.property(exactly(32), exactly(32), (secretKey, publicKey) => {
        expect(asHex(p.x25519(secretKey, publicKey))).toBe(asHex(noblePrimitives.x25519(secretKey, publicKey)));
        expect(asHex(p.x25519PublicKey(secretKey))).toBe(asHex(noblePrimitives.x25519PublicKey(secretKey)));
      }),
      { numRuns: 40 },
    );
  });

  it('for Ed25519 keys, signatures and conversions', () => {
    fc.assert(
      fc.property(exactly(32), upTo(100), (seed, message) => {
        const publicKey = p.ed25519PublicKey(seed);
        expect(asHex(publicKey)).toBe(asHex(noblePrimitives.ed25519PublicKey(seed)));
        const signature = p.ed25519Sign(message, { seed, publicKey });
        expect(asHex(signature)).toBe(asHex(noblePrimitives.ed25519Sign(message, { seed, publicKey })));
        expect(p.ed25519Verify(signature, message, publicKey)).toBe(true);
        expect(asHex(p.ed25519ToX25519(publicKey))).toBe(asHex(noblePrimitives.ed25519ToX25519(publicKey)));
        expect(asHex(p.ed25519ToX25519(seed))).toBe(asHex(noblePrimitives.ed25519ToX25519(seed))); // any bytes
      }),
      { numRuns: 30 },
    );
  });
});
