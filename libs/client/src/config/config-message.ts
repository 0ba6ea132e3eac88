import { bencode, bytesToHex, concatBytes, utf8 } from '#protocol';
import type { BValue, Bencodable, Ed25519KeyPair, Primitives } from '#protocol';
import { isBytes, isSignedDict, readDict } from '../signed-dict.js';
import { pruned } from './config-dict.js';
import type { ConfigDict } from './config-dict.js';
import { diffConfigs } from './config-diff.js';

/** docs/protocol/client-messages.md §4.3: how many steps back a message remembers. */
export const CONFIG_LAG = 5;
const HASH_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** A step that a message builds on. */
export interface ConfigStep {
  readonly seqno: number;
  readonly hash: Uint8Array;
  readonly diff: ConfigDict;
}

export interface ConfigParts {
  readonly seqno: number;
  readonly data: ConfigDict;
  /** Ascending by (seqno, hash). */
  readonly steps: readonly ConfigStep[];
  /** What changed against the message before. */
  readonly diff: ConfigDict;
  /** Members that this version does not know; kept and written back. */
  readonly unknown: ConfigDict;
}

export interface ConfigMessage extends ConfigParts {
  /** BLAKE2b-256 of the serialized form. */
  readonly hash: Uint8Array;
  readonly serialized: Uint8Array;
}

/** Signs group configs; user configs have no signature. */
export type ConfigSigner = (message: Uint8Array) => Uint8Array;

export function signerOf(primitives: Primitives, key: Ed25519KeyPair): ConfigSigner {
  return (message) => primitives.ed25519Sign(message, key);
}

/** The state of a config that nobody has ever written. */
export function emptyConfig(primitives: Primitives): ConfigMessage {
  const none = { data: new Map(), steps: [], diff: new Map(), unknown: new Map() };
  return serializeConfig(primitives, { seqno: 0, ...none });
}

/** The message with its bytes, signed when a signer is given. */
export function serializeConfig(primitives: Primitives, parts: ConfigParts, sign?: ConfigSigner): ConfigMessage {
  const data = pruned(parts.data);
  const body = new Map<string, Bencodable>(parts.unknown);
  body.set('#', parts.seqno);
  body.set('&', data);
  body.set(
    '<',
    parts.steps.map(({ seqno, hash, diff }) => [seqno, hash, diff]),
  );
  body.set('=', parts.diff);
  body.delete('~');
  let serialized = bencode(body);
  if (sign) {
    const signed = serialized.subarray(0, -1);
    serialized = concatBytes(signed, utf8(`1:~${SIGNATURE_BYTES}:`), sign(signed), utf8('e'));
  }
  return { ...parts, data, serialized, hash: primitives.blake2b([serialized], HASH_BYTES) };
}

/** Reads a serialized config; null for what is none. `admin`: the key that must have signed it, 32 bytes. */
export function parseConfig(
  primitives: Primitives,
  serialized: Uint8Array,
  admin: Uint8Array | null = null,
): ConfigMessage | null {
  const body = readDict(serialized);
  if (!body || [...body.keys()][0] !== '#') return null;
  const { '#': seqno, '&': data, '<': list, '=': diff } = Object.fromEntries(body);
  if (typeof seqno !== 'number' || seqno < 0) return null;
  if (!(data instanceof Map) || !(diff instanceof Map) || !Array.isArray(list)) return null;
  if (admin && !isSignedDict(primitives, serialized, body, admin)) return null;

  const steps = readSteps(list, seqno);
  if (!steps) return null;
  const unknown = new Map([...body].filter(([key]) => !['#', '&', '<', '=', '~'].includes(key)));
  return { seqno, data, steps, diff, unknown, serialized, hash: primitives.blake2b([serialized], HASH_BYTES) };
}

/** The next step: `data` in place of what `previous` held. Signed when a signer is given. */
export function nextConfig(
  primitives: Primitives,
  previous: ConfigMessage,
  data: ConfigDict,
  sign?: ConfigSigner,
): ConfigMessage {
  const seqno = previous.seqno + 1;
  const steps = [...recentSteps(previous.steps, seqno), stepOf(previous)];
  const diff = diffConfigs(previous.data, pruned(data));
  return serializeConfig(primitives, { seqno, data, steps, diff, unknown: previous.unknown }, sign);
}

/** A message as a step that others build on. */
export function stepOf({ seqno, hash, diff }: ConfigMessage): ConfigStep {
  return { seqno, hash, diff };
}

/** The steps that a message with this number still remembers. */
export function recentSteps(steps: readonly ConfigStep[], seqno: number): ConfigStep[] {
  return steps.filter((step) => step.seqno > seqno - CONFIG_LAG);
}

export function compareSteps(a: { seqno: number; hash: Uint8Array }, b: { seqno: number; hash: Uint8Array }): number {
  if (a.seqno !== b.seqno) return a.seqno - b.seqno;
  const [x, y] = [bytesToHex(a.hash), bytesToHex(b.hash)];
  return x === y ? 0 : x < y ? -1 : 1;
}

function readSteps(list: readonly BValue[], seqno: number): ConfigStep[] | null {
  const steps: ConfigStep[] = [];
  for (const entry of list) {
    const step = readStep(entry);
    const last = steps.at(-1);
    if (!step || step.seqno >= seqno || (last && compareSteps(last, step) >= 0)) return null;
    steps.push(step);
  }
  return recentSteps(steps, seqno);
}

function readStep(entry: BValue): ConfigStep | null {
  if (!Array.isArray(entry) || entry.length !== 3) return null;
  const [seqno, hash, diff] = entry;
  if (typeof seqno !== 'number' || !isBytes(hash, HASH_BYTES)) return null;
  return diff instanceof Map ? { seqno, hash, diff } : null;
}
