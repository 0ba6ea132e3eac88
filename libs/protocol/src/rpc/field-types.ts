import type { BValue } from '../bencode.js';
import { InvalidRequest } from '../errors.js';
import type { JsonValue } from '../json.js';
import { NAMESPACE_MAX, NAMESPACE_MIN } from '../namespaces.js';
import { TEXTS } from '../texts.js';
import { integerOf, integerOfText } from './integer.js';
import type { NamespaceScope } from '../signing-text.js';
import type { FieldType } from './params.js';
import { textOf, type WireString } from './wire-string.js';

/** Times below this many "milliseconds" are taken for seconds; too low to catch present ones, and kept. */
const LEAST_TIMESTAMP_MS = 1_000_000_000;

const wrongType = (name: string, type: string): InvalidRequest => new InvalidRequest(TEXTS.field.expected(name, type));

/** A type that reads alike in both encodings; null from `read` means that the value is not of it. */
function alike<T>(type: string, read: (value: JsonValue | BValue) => T | null): FieldType<T> {
  const readOrThrow = (value: JsonValue | BValue, name: string): T => {
    const result = read(value);
    if (result === null) throw wrongType(name, type);
    return result;
  };
  return { fromJson: readOrThrow, fromBt: readOrThrow };
}

const wireStringOf = (value: JsonValue | BValue): WireString | null =>
  typeof value === 'string' || value instanceof Uint8Array ? value : null;

const positiveOf = (value: JsonValue | BValue): number | null => {
  const integer = integerOf(value);
  return integer !== null && integer >= 0 ? integer : null;
};

export const STRING = alike('string', wireStringOf);
export const INTEGER = alike('integer', integerOf);
const POSITIVE = alike('positive integer', positiveOf);
const TIMESTAMP_OF_ANY_SIZE = alike('integer timestamp (in milliseconds)', positiveOf);

/** Epoch milliseconds. */
export const TIMESTAMP: FieldType<number> = {
  fromJson(value, name) {
    const timeMs = TIMESTAMP_OF_ANY_SIZE.fromJson(value, name);
    if (timeMs < LEAST_TIMESTAMP_MS) throw new InvalidRequest(TEXTS.field.notMilliseconds(name));
    return timeMs;
  },
  fromBt: (value, name) => TIMESTAMP_OF_ANY_SIZE.fromBt(value, name),
};

/** Old clients send some integers as decimal text; bencode has no need for it. */
const orText = (type: FieldType<number>, min: bigint, max: bigint): FieldType<number> => ({
  ...type,
  fromJson(value, name) {
    if (typeof value !== 'string') return type.fromJson(value, name);
    const integer = integerOfText(value, min, max);
    if (integer === null) throw new InvalidRequest(TEXTS.field.badText(name, value));
    return integer;
  },
});

export const INTEGER_OR_TEXT = orText(INTEGER, -(2n ** 63n), 2n ** 63n - 1n);
export const POSITIVE_OR_TEXT = orText(POSITIVE, 0n, 2n ** 64n - 1n);

/** Bencode has no booleans: 1 and 0 stand for them. */
export const BOOLEAN: FieldType<boolean> = {
  fromJson(value, name) {
    if (typeof value !== 'boolean') throw wrongType(name, 'boolean');
    return value;
  },
  fromBt(value, name) {
    if (value !== 0 && value !== 1) throw wrongType(name, 'boolean');
    return value === 1;
  },
};

/** A time or several; unlike a time alone they are not guarded against seconds. One alone counts as a list of one. */
export const TIMESTAMP_LIST = listOf('timestamp array', positiveOf);
/** One integer alone counts as a list of one. */
export const INTEGER_LIST = listOf('integer array', integerOf);

const NAMESPACE_TYPE = '16-bit integer';
const isNamespace = (number: number): boolean => number >= NAMESPACE_MIN && number <= NAMESPACE_MAX;

export const NAMESPACE: FieldType<number> = {
  fromJson(value, name) {
    const number = integerOf(value);
    if (number === null) throw wrongType(name, NAMESPACE_TYPE);
    if (!isNamespace(number)) throw new InvalidRequest(TEXTS.field.outOfRange(name));
    return number;
  },
  fromBt(value, name) {
    const number = integerOf(value);
    if (number === null || !isNamespace(number)) throw wrongType(name, NAMESPACE_TYPE);
    return number;
  },
};

const SCOPE_TYPE = 'integer or "all"';
const isAll = (value: JsonValue | BValue): boolean => {
  const text = wireStringOf(value);
  return text !== null && textOf(text) === 'all';
};

/** One namespace, or all of the account. */
export const NAMESPACE_OR_ALL: FieldType<NamespaceScope> = {
  fromJson(value, name) {
    if (isAll(value)) return 'all';
    const number = integerOf(value);
    if (number === null) throw wrongType(name, SCOPE_TYPE);
    return NAMESPACE.fromJson(number, name);
  },
  fromBt(value, name) {
    if (isAll(value)) return 'all';
    const number = integerOf(value);
    if (number === null || !isNamespace(number)) throw wrongType(name, SCOPE_TYPE);
    return number;
  },
};

/** One string alone counts as a list of one. */
export const STRING_LIST = listOf('string array', wireStringOf);

function listOf<T>(type: string, itemOf: (value: JsonValue | BValue) => T | null): FieldType<readonly T[]> {
  return alike(type, (value) => {
    const alone = itemOf(value);
    if (alone !== null) return [alone];
    if (!Array.isArray(value)) return null;
    const items = (value as readonly (JsonValue | BValue)[]).map(itemOf);
    return items.every((item) => item !== null) ? items : null;
  });
}
