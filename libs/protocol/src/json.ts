/**
 * A number that was written with a fraction or an exponent, or that is beyond 64 bits. The network tells `1.0` from
 * `1` and takes only the second as an integer, so the difference has to survive parsing.
 */
export class JsonFloat {
  constructor(readonly value: number) {}
}

/** A plain `number` is always an integer that a double holds exactly; larger integers of up to 64 bits are `bigint`. */
export type JsonValue = null | boolean | number | bigint | string | JsonFloat | readonly JsonValue[] | JsonObject;

/** Members that are `undefined` are left out when written. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** The input is not the JSON that this network reads. */
export class InvalidJson extends Error {}

/** Deeper than any request of a client (batch of requests with nested parameters), far from exhausting the stack. */
const MAX_DEPTH = 32;
const MIN_INTEGER = -(2n ** 63n);
const MAX_INTEGER = 2n ** 64n - 1n;

/** Below this many characters our own look at a string is cheaper than a call of the engine's parser. */
const SHORT_TOKEN = 128;
const PLAIN_TOKEN = /^"[^\\\u0000-\u001f]*"$/; // eslint-disable-line no-control-regex -- JSON refuses them raw
const NEEDS_NO_ESCAPE = /^[ !#-[\]-~]*$/;
const LONE_SURROGATE = /[\ud800-\udfff]/u;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonFloat);
}

/** How much of a stranger's JSON is read before it is refused: what is small on the wire may be large in memory. */
export interface JsonBounds {
  /** Keys of all objects together, repeated ones included. */
  readonly keys: number;
  /** Values of every kind, objects and arrays among them. */
  readonly values: number;
}

const UNBOUNDED: JsonBounds = { keys: Infinity, values: Infinity };

/**
 * Reads strict UTF-8 JSON. A leading byte order mark is skipped, the last of several equal keys wins, half a
 * surrogate pair is refused. Objects have no prototype, so `__proto__` is a key like any other. Throws InvalidJson.
 */
export function parseJson(input: string | Uint8Array, bounds = UNBOUNDED): JsonValue {
  const text = typeof input === 'string' ? input : decode(input);
  const reader = new JsonReader(text.startsWith('\ufeff') ? text.slice(1) : text, bounds);
  return reader.document();
}

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new InvalidJson('not UTF-8');
  }
}

class JsonReader {
  private at = 0;
  private keysLeft: number;
  private valuesLeft: number;

  constructor(
    private readonly text: string,
    { keys, values }: JsonBounds,
  ) {
    this.keysLeft = keys;
    this.valuesLeft = values;
  }

  document(): JsonValue {
    const value = this.value(0);
    this.skipSpace();
    if (this.at < this.text.length) throw new InvalidJson('text after the end');
    return value;
  }

  private value(depth: number): JsonValue {
    if (--this.valuesLeft < 0) throw new InvalidJson('too many values');
    this.skipSpace();
    switch (this.text.charAt(this.at)) {
      case '{':
        return this.object(depth + 1);
      case '[':
        return this.array(depth + 1);
      case '"':
        return this.string();
      case 't':
        return this.word('true', true);
      case 'f':
        return this.word('false', false);
      case 'n':
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  private object(depth: number): JsonObject {
    const object = Object.create(null) as Record<string, JsonValue>;
    this.members('}', depth, () => {
      this.skipSpace();
      const key = this.string();
      if (--this.keysLeft < 0) throw new InvalidJson('too many keys');
      if (!this.takes(':')) throw new InvalidJson('no colon after a key');
      object[key] = this.value(depth);
    });
    return object;
  }

  private array(depth: number): JsonValue[] {
    const items: JsonValue[] = [];
    this.members(']', depth, () => items.push(this.value(depth)));
    return items;
  }

  private members(end: string, depth: number, readOne: () => void): void {
    if (depth > MAX_DEPTH) throw new InvalidJson('nested too deeply');
    this.at += 1;
    if (this.takes(end)) return;
    do readOne();
    while (this.takes(','));
    if (!this.takes(end)) throw new InvalidJson(`no ${end}`);
  }

  /** Finds the end of the token and leaves its contents to the engine, which reads 100 kB of base64 in microseconds. */
  private string(): string {
    const start = this.at;
    if (this.text[start] !== '"') throw new InvalidJson('no string');
    let end = start;
    do end = this.text.indexOf('"', end + 1);
    while (end > 0 && this.isEscaped(end));
    if (end < 0) throw new InvalidJson('a string does not end');
    this.at = end + 1;
    return stringOf(this.text.slice(start, end + 1));
  }

  private isEscaped(at: number): boolean {
    let backslashes = 0;
    while (this.text[at - 1 - backslashes] === '\\') backslashes += 1;
    return backslashes % 2 === 1;
  }

  private number(): number | bigint | JsonFloat {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (found === null) throw new InvalidJson('no value');
    this.at = NUMBER.lastIndex;
    return numberOf(found[0], found[1] === undefined && found[2] === undefined);
  }

  private word<T extends JsonValue>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw new InvalidJson('no value');
    this.at += word.length;
    return value;
  }

  private takes(char: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== char) return false;
    this.at += 1;
    return true;
  }

  private skipSpace(): void {
    while (isSpace(this.text.charCodeAt(this.at))) this.at += 1;
  }
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

function stringOf(token: string): string {
  if (token.length < SHORT_TOKEN && PLAIN_TOKEN.test(token)) return token.slice(1, -1);
  let value: string;
  try {
    value = JSON.parse(token) as string;
  } catch {
    throw new InvalidJson('a bad string');
  }
  if (token.includes('\\') && LONE_SURROGATE.test(value)) throw new InvalidJson('half a surrogate pair');
  return value;
}

function numberOf(literal: string, isInteger: boolean): number | bigint | JsonFloat {
  const value = Number(literal);
  if (isInteger && Number.isSafeInteger(value)) return value + 0; // -0 becomes 0
  if (isInteger && literal.length <= MAX_INTEGER.toString().length) {
    const exact = BigInt(literal);
    if (exact >= MIN_INTEGER && exact <= MAX_INTEGER) return exact;
  }
  if (!Number.isFinite(value)) throw new InvalidJson('a number beyond any double');
  return new JsonFloat(value);
}

/** Compact JSON with the keys of every object in byte order (they are ASCII in this protocol) and exact integers. */
export function stringifyJson(value: JsonValue): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (value instanceof JsonFloat) return JSON.stringify(value.value);
  if (isJsonArray(value)) return `[${value.map(stringifyJson).join(',')}]`;
  let text = '{';
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member === undefined) continue;
    text += `${text.length > 1 ? ',' : ''}${quoted(key)}:${stringifyJson(member)}`;
  }
  return `${text}}`;
}

/** The engine is called for what needs an escape, and for long text, which it goes through faster. */
const quoted = (text: string): string =>
  text.length < SHORT_TOKEN && NEEDS_NO_ESCAPE.test(text) ? `"${text}"` : JSON.stringify(text);

const isJsonArray = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);
