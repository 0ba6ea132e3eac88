import { concatBytes, utf8 } from '#protocol';
import type { Primitives } from '#protocol';
import { domainBytes } from './config-kind.js';
import type { ConfigKind } from './config-kind.js';

/** docs/protocol/client-messages.md §4.2 */
const KEY_BYTES = 32;
const NONCE_BYTES = 24;
const TAG_BYTES = 16;
const OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES;
const NONCE_DOMAIN = utf8('libsessionutil-config-encrypted-');

/** Totals below `below` bytes are rounded up to a multiple of `step`. */
const PADDING_STEPS = [
  { below: 5_120, step: 256 },
  { below: 20_480, step: 1_024 },
  { below: 40_960, step: 2_048 },
  { below: Number.POSITIVE_INFINITY, step: 5_120 },
];

/** Zeros in front, so that the encrypted form has one of few lengths. */
export function padConfig(content: Uint8Array): Uint8Array {
  const total = content.length + OVERHEAD_BYTES;
  const step = PADDING_STEPS.find(({ below }) => total < below)?.step ?? 1;
  const padded = new Uint8Array(Math.ceil(total / step) * step - OVERHEAD_BYTES);
  padded.set(content, padded.length - content.length);
  return padded;
}

/** Without the zeros in front; empty when there is nothing else. */
export function stripConfigPadding(padded: Uint8Array): Uint8Array {
  const start = padded.findIndex((byte) => byte !== 0);
  return start < 0 ? new Uint8Array() : padded.subarray(start);
}

/**
 * Encrypts so that equal contents give equal bytes: two devices that push one state store one message. `baseKey` is
 * the account's Ed25519 seed or a group key, 32 bytes.
 */
export function encryptConfig(p: Primitives, padded: Uint8Array, baseKey: Uint8Array, kind: ConfigKind): Uint8Array {
  const nonce = p.blake2b([padded], NONCE_BYTES, concatBytes(NONCE_DOMAIN, domainBytes(kind)));
  const key = configKey(p, baseKey, padded.length, kind);
  return concatBytes(p.xchacha20Poly1305Seal(key, nonce, padded), nonce);
}

/** The padded content; null for another key, another kind or changed bytes. */
export function decryptConfig(
  p: Primitives,
  encrypted: Uint8Array,
  baseKey: Uint8Array,
  kind: ConfigKind,
): Uint8Array | null {
  const paddedBytes = encrypted.length - OVERHEAD_BYTES;
  if (paddedBytes < 0) return null;
  const nonce = encrypted.slice(-NONCE_BYTES);
  const key = configKey(p, baseKey, paddedBytes, kind);
  return p.xchacha20Poly1305Open(key, nonce, encrypted.subarray(0, -NONCE_BYTES));
}

function configKey(p: Primitives, baseKey: Uint8Array, paddedBytes: number, kind: ConfigKind): Uint8Array {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(paddedBytes));
  return p.blake2b([baseKey, length, domainBytes(kind)], KEY_BYTES);
}
