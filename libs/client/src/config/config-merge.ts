import { bytesToHex } from '#protocol';
import type { Primitives } from '#protocol';
import { pruned } from './config-dict.js';
import type { ConfigDict } from './config-dict.js';
import { applyDiff, diffConfigs } from './config-diff.js';
import { compareSteps, CONFIG_LAG, recentSteps, serializeConfig, stepOf } from './config-message.js';
import type { ConfigMessage, ConfigSigner, ConfigStep } from './config-message.js';

export interface MergedConfig {
  readonly state: ConfigMessage;
  /** True when nobody has stored this state yet. */
  readonly needsPush: boolean;
}

export interface MergeOptions {
  /** For group configs: the admin's signer; null for a member, who cannot merge and takes the newest. */
  readonly signer?: ConfigSigner | null;
}

interface SourcedStep extends ConfigStep {
  /** Data of the newest message that carries the step: it supplies the values. */
  readonly source: ConfigDict;
}

const keyOf = ({ seqno, hash }: { seqno: number; hash: Uint8Array }): string => `${seqno}/${bytesToHex(hash)}`;

/**
 * One state out of all messages that are stored for a config: docs/protocol/client-messages.md §4.4. Every device comes
 * to the same bytes, so competing pushes are one message. Null when there are no messages.
 */
export function mergeConfigs(
  primitives: Primitives,
  messages: readonly ConfigMessage[],
  options: MergeOptions = {},
): MergedConfig | null {
  const current = withoutRedundant(messages);
  const newest = current.at(-1);
  if (!newest) return null;
  if (current.length === 1 || options.signer === null) return { state: newest, needsPush: false };

  const seqno = newest.seqno + 1;
  const steps = collectSteps(current);
  const data = deepCopy(newest.data);
  for (const { diff, source } of steps) applyDiff(data, diff, source);
  const parts = {
    seqno,
    data: pruned(data),
    steps: recentSteps(steps, seqno),
    diff: diffConfigs(new Map(), pruned(data)), // everything counts as new, whatever one parent held
    unknown: newest.unknown,
  };
  return { state: serializeConfig(primitives, parts, options.signer ?? undefined), needsPush: true };
}

/** Ascending by (seqno, hash), without what others build on, what is too old and what is there twice. */
function withoutRedundant(messages: readonly ConfigMessage[]): ConfigMessage[] {
  const highest = Math.max(...messages.map(({ seqno }) => seqno));
  const superseded = new Set(messages.flatMap(({ steps }) => steps.map(keyOf)));
  const unique = new Map(messages.map((message) => [keyOf(message), message]));
  return [...unique]
    .filter(([key, { seqno }]) => !superseded.has(key) && seqno + CONFIG_LAG > highest)
    .map(([, message]) => message)
    .sort(compareSteps);
}

/** All steps of all messages, ascending; for one that several carry, the newest message counts. */
function collectSteps(messages: readonly ConfigMessage[]): SourcedStep[] {
  const steps = new Map<string, SourcedStep>();
  for (const message of messages) {
    for (const step of [...message.steps, stepOf(message)]) steps.set(keyOf(step), { ...step, source: message.data });
  }
  return [...steps.values()].sort(compareSteps);
}

function deepCopy(dict: ConfigDict): ConfigDict {
  return new Map([...dict].map(([key, value]) => [key, value instanceof Map ? deepCopy(value) : value]));
}
