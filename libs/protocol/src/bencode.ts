import { utf8 } from './hex.js';

/** What bdecode gives. Byte strings are views into the input; an integer is a `bigint` only beyond 2^53. */
export type BValue = number | bigint | Uint8Array | BValue[] | Map<string, BValue>;

/** What bencode takes: text is written as UTF-8, `true` as 1, members that are `undefined` are left out. */
export type Bencodable =
  | number
  | bigint
  | boolean
  | string
  | Uint8Array
  | readonly Bencodable[]
  | ReadonlyMap<string, Bencodable>
  | { readonly [key: string]: Bencodable | undefined };

/** The bytes are not the one bencoding of a value. */
export class InvalidBencode extends Error {}

/** Same bound as for JSON: deeper than any request, far from exhausting the stack. */
const MAX_DEPTH = 32;
/** As many as the largest call has (docs/protocol/storage-rpc.md §17.6): an empty string takes two bytes, and a hundred here. */
const MAX_VALUES = 200_000;
const MIN_INTEGER = -(2n ** 63n);
const MAX_INTEGER = 2n ** 64n - 1n;

/** Writes dictionary keys (Latin-1 text, one byte a character) in byte order. Throws RangeError for what has no form. */
export function bencode(value: Bencodable): Uint8Array {
  const writer = new BencodeWriter();
  writer.value(value);
  return writer.finish();
}

/** Collects heads as Latin-1 text and bodies as bytes; both are copied once, at the end. */
class BencodeWriter {
  private readonly parts: (string | Uint8Array)[] = [];

  value(value: Bencodable): void {
    if (typeof value === 'boolean') this.parts.push(value ? 'i1e' : 'i0e');
    else if (typeof value === 'number' || typeof value === 'bigint') this.parts.push(`i${integerText(value)}e`);
    else if (typeof value === 'string') this.string(utf8(value));
    else if (value instanceof Uint8Array) this.string(value);
    else if (isList(value)) this.list(value);
    else this.dict(isMap(value) ? [...value] : Object.entries(value));
  }

  finish(): Uint8Array {
    const whole = new Uint8Array(this.parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of this.parts) {
      if (typeof part === 'string') writeLatin1(part, whole, at);
      else whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  private string(bytes: Uint8Array): void {
    this.parts.push(`${bytes.length}:`, bytes);
  }

  private list(items: readonly Bencodable[]): void {
    this.parts.push('l');
    for (const item of items) this.value(item);
    this.parts.push('e');
  }

  private dict(members: [string, Bencodable | undefined][]): void {
    this.parts.push('d');
    for (const [key, member] of members.sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (member === undefined) continue;
      this.parts.push(`${key.length}:${key}`);
      this.value(member);
    }
    this.parts.push('e');
  }
}

const isMap = (value: Bencodable): value is ReadonlyMap<string, Bencodable> => value instanceof Map;
const isList = (value: Bencodable): value is readonly Bencodable[] => Array.isArray(value);

function integerText(value: number | bigint): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new RangeError('not an exact integer');
  return value.toString();
}

function writeLatin1(text: string, target: Uint8Array, from: number): void {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 0xff) throw new RangeError('a dictionary key is not Latin-1');
    target[from + at] = code;
  }
}

/**
 * Reads exactly one value: canonical integers of at most 64 bits, dictionary keys strictly ascending, nothing after
 * the end. Dictionaries become maps keyed by the key's bytes as Latin-1 text. More than `maxValues` values, which take
 * far more memory than their bytes, are refused like any other fault. Throws InvalidBencode.
 */
export function bdecode(bytes: Uint8Array, maxValues = MAX_VALUES): BValue {
  const reader = new BencodeReader(bytes, maxValues);
  return reader.document();
}

const LETTER = { i: 0x69, l: 0x6c, d: 0x64, e: 0x65, colon: 0x3a, zero: 0x30 } as const;

/** Exact in a double, whatever they are. */
const SHORT_INTEGER_DIGITS = 15;
const MAX_LENGTH_DIGITS = '4294967295'.length;

/** The arguments are the bytes as they lie; spread they would be gone through one by one, at several times the cost. */
const latin1 = (bytes: Uint8Array): string => Reflect.apply(String.fromCharCode, String, bytes) as string;

class BencodeReader {
  private at = 0;
  private values = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly maxValues: number,
  ) {}

  document(): BValue {
    const value = this.value(0);
    if (this.at !== this.bytes.length) throw new InvalidBencode('bytes after the end');
    return value;
  }

  private value(depth: number): BValue {
    if (depth > MAX_DEPTH) throw new InvalidBencode('nested too deeply');
    this.values += 1;
    if (this.values > this.maxValues) throw new InvalidBencode('too many values');
    switch (this.bytes[this.at] ?? 0) {
      case LETTER.i:
        return this.integer();
      case LETTER.l:
        return this.list(depth + 1);
      case LETTER.d:
        return this.dict(depth + 1);
      default:
        return this.string();
    }
  }

  private integer(): number | bigint {
    this.at += 1;
    return this.shortInteger() ?? this.longInteger();
  }

  /** Digits alone, at most fifteen, which is nearly every number there is; null for anything else, a fault too. */
  private shortInteger(): number | null {
    let value = 0;
    for (let at = this.at; at <= this.at + SHORT_INTEGER_DIGITS; at += 1) {
      const digit = (this.bytes[at] ?? 0) - LETTER.zero;
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        continue;
      }
      const digits = at - this.at;
      const isCanonical = digits === 1 || (digits > 1 && this.bytes[this.at] !== LETTER.zero);
      if (this.bytes[at] !== LETTER.e || !isCanonical) return null;
      this.at = at + 1;
      return value;
    }
    return null;
  }

  private longInteger(): number | bigint {
    const literal = this.textUntil(LETTER.e, '-9223372036854775808'.length);
    if (!/^(?:0|-?[1-9]\d*)$/.test(literal)) throw new InvalidBencode('a bad integer');
    const value = Number(literal);
    if (Number.isSafeInteger(value)) return value;
    const exact = BigInt(literal);
    if (exact < MIN_INTEGER || exact > MAX_INTEGER) throw new InvalidBencode('an integer beyond 64 bits');
    return exact;
  }

  private string(): Uint8Array {
    const length = this.length();
    const end = this.at + length;
    if (end > this.bytes.length) throw new InvalidBencode('a string ends early');
    const value = this.bytes.subarray(this.at, end);
    this.at = end;
    return value;
  }

  /** Digits without a leading zero, up to the colon, which is consumed. */
  private length(): number {
    const start = this.at;
    let length = 0;
    for (; this.at - start < MAX_LENGTH_DIGITS; this.at += 1) {
      const digit = (this.bytes[this.at] ?? 0) - LETTER.zero;
      if (digit < 0 || digit > 9) break;
      length = length * 10 + digit;
    }
    const digits = this.at - start;
    const isCanonical = digits === 1 || (digits > 1 && this.bytes[start] !== LETTER.zero);
    if (!isCanonical || this.bytes[this.at] !== LETTER.colon) throw new InvalidBencode('a bad length');
    this.at += 1;
    return length;
  }

  private list(depth: number): BValue[] {
    const items: BValue[] = [];
    this.at += 1;
    while (!this.takesEnd()) items.push(this.value(depth));
    return items;
  }

  private dict(depth: number): Map<string, BValue> {
    const members = new Map<string, BValue>();
    let last: string | null = null;
    this.at += 1;
    while (!this.takesEnd()) {
      const key = latin1(this.key());
      if (last !== null && key <= last) throw new InvalidBencode('keys out of order');
      members.set(key, this.value(depth));
      last = key;
    }
    return members;
  }

  /** The bound keeps its text far from the limit of call arguments. */
  private key(): Uint8Array {
    const key = this.string();
    if (key.length > 1_024) throw new InvalidBencode('a key too long');
    return key;
  }

  private takesEnd(): boolean {
    if (this.bytes[this.at] !== LETTER.e) return false;
    this.at += 1;
    return true;
  }

  /** Text up to the mark, which is consumed; `maxChars` bounds the search in hostile input. */
  private textUntil(mark: number, maxChars: number): string {
    const end = this.bytes.subarray(this.at, this.at + maxChars + 1).indexOf(mark);
    if (end < 0) throw new InvalidBencode('cut short');
    const text = latin1(this.bytes.subarray(this.at, this.at + end));
    this.at += end + 1;
    return text;
  }
}
