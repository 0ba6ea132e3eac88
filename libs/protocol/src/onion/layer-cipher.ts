import type { X25519KeyPair } from '../node-key.js';
import type { Primitives, RandomBytes } from '../primitives.js';
import type { EncType } from './enc-type.js';

const KEY_BYTES = 32;
const CBC_BLOCK_BYTES = 16;
const TAG_BYTES = 16;
const NONCE_BYTES: Readonly<Record<EncType, number>> = { xchacha20: 24, 'aes-gcm': 12, 'aes-cbc': CBC_BLOCK_BYTES };

/** HMAC key of the AES-GCM derivation: the ASCII bytes `LOKI`. docs/protocol/onion.md §2.2 */
const GCM_KEY_SALT = Uint8Array.of(0x4c, 0x4f, 0x4b, 0x49);

/** A cipher and its 32-byte symmetric key; the same for a request and for its reply. */
export interface LayerKey {
  readonly encType: EncType;
  readonly key: Uint8Array;
}

/** A layer as it was received, and the X25519 pair of the node that opens it. */
export interface LayerToOpen extends X25519KeyPair {
  readonly encType: EncType;
  readonly ciphertext: Uint8Array;
  readonly ephemeralKey: Uint8Array;
  /** AES-CBC is malleable; it is opened only where the operator wants that (default: not). */
  readonly allowAesCbc?: boolean;
}

/** An opened layer. Its key seals the reply, so that answering costs no second X25519. */
export interface OpenedLayer extends LayerKey {
  readonly plaintext: Uint8Array;
}

/** The key of a layer as the client sees it; null when the node's public key is unusable. */
export function clientLayerKey(
  p: Primitives,
  encType: EncType,
  ephemeral: X25519KeyPair,
  nodeKey: Uint8Array,
): LayerKey | null {
  const shared = sharedSecret(p, ephemeral.secretKey, nodeKey);
  return shared && symmetricKey(p, encType, shared, ephemeral.publicKey, nodeKey);
}

/** The key of a layer as the node sees it; null when the client's ephemeral key is unusable. */
export function nodeLayerKey(
  p: Primitives,
  encType: EncType,
  node: X25519KeyPair,
  ephemeralKey: Uint8Array,
): LayerKey | null {
  const shared = sharedSecret(p, node.secretKey, ephemeralKey);
  return shared && symmetricKey(p, encType, shared, ephemeralKey, node.publicKey);
}

/** Opens a layer with the node's key; null for everything that is answered `Invalid ciphertext`. */
export function openLayer(p: Primitives, layer: LayerToOpen): OpenedLayer | null {
  if (layer.encType === 'aes-cbc' && layer.allowAesCbc !== true) return null;
  if (!hasPossibleLength(layer.encType, layer.ciphertext.length)) return null; // before the costly key agreement
  const layerKey = nodeLayerKey(p, layer.encType, layer, layer.ephemeralKey);
  if (layerKey === null) return null;
  const plaintext = unseal(p, layerKey, layer.ciphertext);
  return plaintext && { encType: layerKey.encType, key: layerKey.key, plaintext };
}

/** Seals a reply for the client that made the layer. */
export function sealReply(p: Primitives, random: RandomBytes, layer: LayerKey, plaintext: Uint8Array): Uint8Array {
  return seal(p, random, layer, plaintext);
}

/** Nonce (from `random`), then the ciphertext, then the tag where the cipher has one. */
export function seal(p: Primitives, random: RandomBytes, layer: LayerKey, plaintext: Uint8Array): Uint8Array {
  const nonce = random(NONCE_BYTES[layer.encType]);
  const body = encrypt(p, layer, nonce, plaintext);
  const sealed = new Uint8Array(nonce.length + body.length);
  sealed.set(nonce);
  sealed.set(body, nonce.length);
  return sealed;
}

/** The inverse of `seal`; null when it does not check out. */
export function unseal(p: Primitives, layer: LayerKey, sealed: Uint8Array): Uint8Array | null {
  if (!hasPossibleLength(layer.encType, sealed.length)) return null;
  const nonceBytes = NONCE_BYTES[layer.encType];
  const nonce = sealed.subarray(0, nonceBytes);
  const body = sealed.subarray(nonceBytes);
  switch (layer.encType) {
    case 'xchacha20':
      return p.xchacha20Poly1305Open(layer.key, nonce, body);
    case 'aes-gcm':
      return p.aes256GcmOpen(layer.key, nonce, body);
    case 'aes-cbc':
      return p.aes256CbcDecrypt(layer.key, nonce, body);
  }
}

function encrypt(p: Primitives, layer: LayerKey, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array {
  switch (layer.encType) {
    case 'xchacha20':
      return p.xchacha20Poly1305Seal(layer.key, nonce, plaintext);
    case 'aes-gcm':
      return p.aes256GcmSeal(layer.key, nonce, plaintext);
    case 'aes-cbc':
      return p.aes256CbcEncrypt(layer.key, nonce, plaintext);
  }
}

function hasPossibleLength(encType: EncType, length: number): boolean {
  const bodyBytes = length - NONCE_BYTES[encType];
  if (encType === 'aes-cbc') return bodyBytes >= CBC_BLOCK_BYTES && bodyBytes % CBC_BLOCK_BYTES === 0;
  return bodyBytes >= TAG_BYTES;
}

function sharedSecret(p: Primitives, secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array | null {
  return isCanonicalX25519(publicKey) ? p.x25519(secretKey, publicKey) : null;
}

/** docs/protocol/onion.md §2.2: which party is the client decides the order of the keys, not who is sending. */
function symmetricKey(
  p: Primitives,
  encType: EncType,
  shared: Uint8Array,
  clientKey: Uint8Array,
  nodeKey: Uint8Array,
): LayerKey {
  switch (encType) {
    case 'xchacha20':
      return { encType, key: p.blake2b([shared, clientKey, nodeKey], KEY_BYTES) };
    case 'aes-gcm':
      return { encType, key: p.hmacSha256(GCM_KEY_SALT, shared) };
    case 'aes-cbc':
      return { encType, key: shared };
  }
}

/**
 * X25519 itself ignores the top bit and reduces modulo 2^255-19, so one key has several spellings. Only one is a
 * key that an honest party published. docs/protocol/onion.md §2.2.3
 */
function isCanonicalX25519(key: Uint8Array): boolean {
  const top = key[KEY_BYTES - 1];
  if (key.length !== KEY_BYTES || top === undefined || top > 0x7f) return false;
  if (top < 0x7f) return true;
  for (let i = KEY_BYTES - 2; i > 0; i--) if (key[i] !== 0xff) return true;
  return (key[0] ?? 0) < 0xed;
}
