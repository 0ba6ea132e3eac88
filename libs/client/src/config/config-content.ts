import { concatBytes, equalBytes } from '#protocol';
import type { Primitives } from '#protocol';
import { zstdDecompress } from '../compression/zstd.js';
import { readBencode } from '../signed-dict.js';
import { decryptConfig, stripConfigPadding } from './config-cipher.js';
import type { ConfigKind } from './config-kind.js';

/** docs/protocol/client-messages.md §4.2: what the first byte after the padding says. */
const PLAIN = 0x64; // d
const COMPRESSED = 0x7a; // z
const PART = 0x6d; // m
/** Stored messages have 76,800 bytes; a hundred times that is no config but an attack. */
const MAX_BYTES = 8_000_000;
const HASH_BYTES = 32;

/** One part of a config that did not fit into one message. */
export interface ConfigPart {
  /** Hash of the whole, 32 bytes. */
  readonly hash: Uint8Array;
  readonly index: number;
  readonly count: number;
  readonly chunk: Uint8Array;
}

export type ConfigContent =
  { readonly kind: 'whole'; readonly serialized: Uint8Array } | { readonly kind: 'part'; readonly part: ConfigPart };

/** Opens what `wrapConfig` wraps: the serialized config, or a part of one. Null for what is neither. */
export function openConfig(
  primitives: Primitives,
  encrypted: Uint8Array,
  baseKey: Uint8Array,
  kind: ConfigKind,
): ConfigContent | null {
  const padded = decryptConfig(primitives, encrypted, baseKey, kind);
  if (!padded) return null;
  const content = stripConfigPadding(padded);
  if (content[0] === PART) {
    const part = readPart(content.subarray(1));
    return part && { kind: 'part', part };
  }
  const serialized = inflate(content);
  return serialized && { kind: 'whole', serialized };
}

/** The serialized config of all parts of one hash, in any order; null when one lacks or something is changed. */
export function joinParts(primitives: Primitives, parts: readonly ConfigPart[]): Uint8Array | null {
  const [first] = parts;
  if (!first) return null;
  const chunks: Uint8Array[] = [];
  for (let index = 0; index < first.count; index++) {
    const part = parts.find((each) => each.index === index && equalBytes(each.hash, first.hash));
    if (!part) return null;
    chunks.push(part.chunk);
  }
  const whole = concatBytes(...chunks);
  if (!equalBytes(primitives.blake2b([whole], HASH_BYTES), first.hash)) return null;
  return inflate(stripConfigPadding(whole));
}

function inflate(content: Uint8Array): Uint8Array | null {
  if (content[0] === PLAIN) return content;
  return content[0] === COMPRESSED ? zstdDecompress(content.subarray(1), MAX_BYTES) : null;
}

function readPart(bytes: Uint8Array): ConfigPart | null {
  const value = readBencode(bytes);
  if (!Array.isArray(value) || value.length !== 4) return null;
  const [hash, indexByte, countByte, chunk] = value.map((item) => (item instanceof Uint8Array ? item : null));
  if (hash?.length !== HASH_BYTES || indexByte?.length !== 1 || countByte?.length !== 1 || !chunk) return null;
  const [[index = 0], [count = 0]] = [indexByte, countByte];
  return count > 1 && index < count ? { hash, index, count, chunk } : null;
}
