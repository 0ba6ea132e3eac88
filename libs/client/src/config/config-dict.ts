import type { BValue } from '#protocol';
import { bytesToHex } from '#protocol';

/** Contents of a config: keys are Latin-1 text, one byte a character; lists are sets of numbers and strings. */
export type ConfigDict = Map<string, BValue>;
export type ConfigSet = readonly BValue[];

/** One text for equal scalars, for comparing. Numbers sort before strings, as sets want it. */
export function scalarKey(value: BValue): string {
  return value instanceof Uint8Array ? `s${bytesToHex(value)}` : `i${scalarNumber(value)}`;
}

const scalarNumber = (value: BValue): string =>
  typeof value === 'number' || typeof value === 'bigint' ? value.toString() : '';

export function isSet(value: BValue | undefined): value is BValue[] {
  return Array.isArray(value);
}

export function isScalar(value: BValue | undefined): value is number | bigint | Uint8Array {
  return value !== undefined && !isSet(value) && !(value instanceof Map);
}

/** Sorted without duplicates: numbers by size, then strings bytewise. */
export function sortedSet(values: ConfigSet): BValue[] {
  const unique = new Map(values.map((value) => [scalarKey(value), value]));
  return [...unique.values()].sort(compareScalars);
}

function compareScalars(a: BValue, b: BValue): number {
  const isText = { a: a instanceof Uint8Array, b: b instanceof Uint8Array };
  if (isText.a !== isText.b) return isText.a ? 1 : -1;
  if (!isText.a) return Number(a) < Number(b) ? -1 : 1;
  return scalarKey(a) < scalarKey(b) ? -1 : 1;
}

/** A deep copy without empty dictionaries and empty sets: docs/protocol/client-messages.md §4.3. */
export function pruned(dict: ConfigDict): ConfigDict {
  const kept: ConfigDict = new Map();
  for (const [key, value] of dict) {
    if (value instanceof Map) {
      const inner = pruned(value);
      if (inner.size > 0) kept.set(key, inner);
    } else if (isSet(value)) {
      if (value.length > 0) kept.set(key, sortedSet(value));
    } else kept.set(key, value);
  }
  return kept;
}
