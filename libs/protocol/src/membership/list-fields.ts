import { isJsonObject, parseJson, type JsonObject, type JsonValue } from '../json.js';
import { ListRefused } from './list-refused.js';

const HEX_64 = /^[0-9a-f]{64}$/;
const VERSION = /^(\d{1,5})\.(\d{1,5})\.(\d{1,5})$/;

/** Reads text as a JSON object. Throws ListRefused. */
export function readObject(text: string | Uint8Array, what: string): JsonObject {
  let value: JsonValue;
  try {
    value = parseJson(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unreadable';
    throw new ListRefused(`${what} is not JSON: ${reason}.`);
  }
  return objectOf(value, what);
}

export function objectOf(value: JsonValue | undefined, what: string): JsonObject {
  if (isJsonObject(value)) return value;
  throw new ListRefused(`${what} must be an object.`);
}

/** An unknown member may be a misspelt one that was meant to matter, so it is refused. */
export function onlyMembers(object: JsonObject, names: readonly string[], what: string): void {
  const unknown = Object.keys(object).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new ListRefused(`${what} has the unknown member ${JSON.stringify(unknown)}.`);
}

export function arrayOf(value: JsonValue | undefined, maxLength: number, what: string): readonly JsonValue[] {
  if (!isArray(value)) throw new ListRefused(`${what} must be an array.`);
  if (value.length > maxLength) throw new ListRefused(`${what} has more than ${maxLength} entries.`);
  return value;
}

export function textOf(value: JsonValue | undefined, what: string): string {
  if (typeof value === 'string') return value;
  throw new ListRefused(`${what} must be text.`);
}

/** A key or a hash: 64 lower-case hex digits. */
export function hex64Of(value: JsonValue | undefined, what: string): string {
  if (typeof value === 'string' && HEX_64.test(value)) return value;
  throw new ListRefused(`${what} must be 64 lower-case hex digits.`);
}

export function integerOf(value: JsonValue | undefined, min: number, max: number, what: string): number {
  if (typeof value === 'number' && value >= min && value <= max) return value;
  throw new ListRefused(`${what} must be an integer from ${min} to ${max}.`);
}

/** An IPv4 address that one host can have, in its only spelling. */
export function ipOf(value: JsonValue | undefined, what: string): string {
  const text = textOf(value, what);
  const parts = text.split('.');
  const isDotted = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  const first = Number(parts[0]);
  if (isDotted && first > 0 && first < 224) return text;
  throw new ListRefused(`${what} must be the IPv4 address of a host, not ${JSON.stringify(text)}.`);
}

/** `2.8.0` */
export function versionOf(value: JsonValue, what: string): readonly [number, number, number] {
  const found = typeof value === 'string' ? VERSION.exec(value) : null;
  if (found === null) throw new ListRefused(`${what} must look like "2.8.0".`);
  return [Number(found[1]), Number(found[2]), Number(found[3])];
}

const isArray = (value: JsonValue | undefined): value is readonly JsonValue[] => Array.isArray(value);
