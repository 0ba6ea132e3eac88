import type { BValue } from '#protocol';
import { utf8 } from '#protocol';
import { isScalar, isSet, scalarKey, sortedSet } from './config-dict.js';
import type { ConfigDict } from './config-dict.js';

/** docs/protocol/client-messages.md §4.3: how a diff marks a scalar. */
const CHANGED = new Uint8Array();
const REMOVED = utf8('-');
const NOTHING: ConfigDict = new Map();

/** What turns `before` into `after`. */
export function diffConfigs(before: ConfigDict, after: ConfigDict): ConfigDict {
  const diff: ConfigDict = new Map();
  for (const key of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const change = diffValues(before.get(key), after.get(key));
    if (change !== undefined) diff.set(key, change);
  }
  return diff;
}

function diffValues(before: BValue | undefined, after: BValue | undefined): BValue | undefined {
  // A value that became something else counts as new; what it was before leaves no trace in the diff.
  if (after instanceof Map) return diffDicts(before instanceof Map ? before : NOTHING, after);
  if (isSet(after)) return diffSets(isSet(before) ? before : [], after);
  if (after !== undefined) {
    return isScalar(before) && scalarKey(before) === scalarKey(after) ? undefined : CHANGED;
  }
  if (before instanceof Map) return diffDicts(before, NOTHING);
  if (isSet(before)) return diffSets(before, []);
  return REMOVED;
}

function diffDicts(before: ConfigDict, after: ConfigDict): ConfigDict | undefined {
  const diff = diffConfigs(before, after);
  return diff.size === 0 ? undefined : diff;
}

function diffSets(before: readonly BValue[], after: readonly BValue[]): BValue[] | undefined {
  const added = without(after, before);
  const removed = without(before, after);
  return added.length + removed.length === 0 ? undefined : [sortedSet(added), sortedSet(removed)];
}

function without(values: readonly BValue[], others: readonly BValue[]): BValue[] {
  const known = new Set(others.map(scalarKey));
  return values.filter((value) => !known.has(scalarKey(value)));
}

/** Applies a diff to `target`; `source` is the data of the message the diff comes from and supplies the values. */
export function applyDiff(target: ConfigDict, diff: ConfigDict, source: ConfigDict): void {
  for (const [key, change] of diff) {
    if (change instanceof Map) applyToDict(target, key, change, source.get(key));
    else if (isSet(change)) applyToSet(target, key, change);
    else applyToScalar(target, key, change, source.get(key));
  }
}

function applyToDict(target: ConfigDict, key: string, change: ConfigDict, source: BValue | undefined): void {
  const existing = target.get(key);
  const inner: ConfigDict = existing instanceof Map ? existing : new Map<string, BValue>();
  applyDiff(inner, change, source instanceof Map ? source : NOTHING);
  // Left out when empty, so that a removal does not leave its traces behind.
  if (inner.size > 0) target.set(key, inner);
  else target.delete(key);
}

function applyToSet(target: ConfigDict, key: string, [added, removed]: readonly BValue[]): void {
  const existing = target.get(key);
  const joined = [...(isSet(existing) ? existing : []), ...(isSet(added) ? added : [])];
  const result = sortedSet(without(joined, isSet(removed) ? removed : []));
  if (result.length > 0) target.set(key, result);
  else target.delete(key);
}

function applyToScalar(target: ConfigDict, key: string, change: BValue, source: BValue | undefined): void {
  const isRemoval = change instanceof Uint8Array && change.length > 0;
  if (!isRemoval && isScalar(source)) target.set(key, source);
  else target.delete(key);
}
