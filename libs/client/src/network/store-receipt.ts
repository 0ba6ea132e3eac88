import { decodeBase64, hexToBytes, isJsonObject, utf8 } from '#protocol';
import type { JsonObject, JsonValue, Primitives } from '#protocol';
import type { NodePool } from './node-pool.js';
import { nameOf } from './service-node.js';
import type { MemberAnswer } from './trace.js';

/** What the members of a swarm said about one store, checked. docs/protocol/storage-rpc.md §7.3, §8.1 */
export interface CheckedAnswers {
  readonly answers: readonly MemberAnswer[];
  /** Members whose signature proves that they hold the message. */
  readonly proven: number;
  /** Members that should hold it. */
  readonly expected: number;
}

/** Digits of an unknown key that are shown, as many as of a known one. */
const SHOWN_DIGITS = 8;

/**
 * Reads a store answer. `hash` is the one that we computed: an answer about another one counts as no answer.
 * Only nodes of the network's list count, anybody can make up keys and sign with them. Null for a wrong shape.
 */
export function checkStoreAnswer(
  primitives: Primitives,
  pool: NodePool,
  body: JsonObject,
  hash: string,
): CheckedAnswers | null {
  if (body.hash !== hash || typeof body.t !== 'number' || !isJsonObject(body.swarm)) return null;
  const answers = Object.entries(body.swarm).map(([key, entry]) => checkMember(primitives, pool, key, entry, hash));
  const members = answers.filter(({ outcome }) => outcome !== 'stranger');
  const proven = members.filter(({ outcome }) => outcome === 'kept' || outcome === 'already').length;
  return { answers, proven, expected: members.length };
}

function checkMember(
  primitives: Primitives,
  pool: NodePool,
  key: string,
  entry: JsonValue | undefined,
  hash: string,
): MemberAnswer {
  const known = pool.get(key.toLowerCase());
  if (!known) return { node: { address: 'unknown', key: key.slice(0, SHOWN_DIGITS) }, outcome: 'stranger' };
  const node = nameOf(known);
  if (!isJsonObject(entry)) return { node, outcome: 'failed', reason: 'no answer' };
  if (entry.failed) return { node, outcome: 'failed', reason: failureWords(entry) };

  const signature = typeof entry.signature === 'string' ? decodeBase64(entry.signature) : null;
  const publicKey = hexToBytes(known.ed25519);
  const isProven =
    entry.hash === hash &&
    signature?.length === 64 &&
    publicKey !== null &&
    primitives.ed25519Verify(signature, utf8(hash), publicKey);
  if (!isProven) return { node, outcome: 'unsigned' };
  return { node, outcome: entry.already ? 'already' : 'kept' };
}

function failureWords(entry: JsonObject): string {
  if (entry.timeout) return 'no answer in time';
  const { code, reason } = entry;
  const words = [code, reason].filter((word) => typeof word === 'string');
  return words.length === 0 ? 'no reason given' : words.join(' ');
}
