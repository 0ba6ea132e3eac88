import {
  bencode,
  decodeBase64,
  JsonFloat,
  stringifyJson,
  type Bencodable,
  type JsonObject,
  type JsonValue,
} from '#protocol';

/** How bencode writes what is base64 in JSON: as bytes, or as the same text inside a batch. */
export type Binaries = 'raw' | 'base64';

/** An answer with a structure. Written once, in the encoding of its request. */
export interface StructuredBody {
  json(): string;
  /** For one that holds megabytes: the same JSON in pieces that are made when they are asked for. Null for any other. */
  readonly long: LongJson | null;
  /** Throws RangeError for values that bencode has no form for. */
  bt(binaries: Binaries): Bencodable;
}

export interface LongJson {
  /** Of all pieces together, in UTF-8. */
  readonly bytes: number;
  pieces(): Iterable<string>;
}

/** Members that are bytes, whatever holds them. docs/protocol/storage-rpc.md §1.7 */
const BASE64_FIELDS: ReadonlySet<string> = new Set(['signature']);

/** A body that is at hand as JSON values. */
export class ObjectBody implements StructuredBody {
  readonly long = null;

  constructor(private readonly object: JsonObject) {}

  json(): string {
    return stringifyJson(this.object);
  }

  bt(binaries: Binaries): Bencodable {
    return dictOf(this.object, binaries);
  }
}

/** The body of a 421 for another member. */
export const bencodeBody = (body: JsonObject): Uint8Array => bencode(dictOf(body, 'raw'));

function dictOf(object: JsonObject, binaries: Binaries): Bencodable {
  const members: [string, Bencodable][] = [];
  for (const [name, value] of Object.entries(object)) {
    if (value !== undefined) members.push([name, valueOf(name, value, binaries)]);
  }
  return new Map(members);
}

function valueOf(name: string, value: JsonValue, binaries: Binaries): Bencodable {
  if (value === null || value instanceof JsonFloat) throw new RangeError('null and fractions have no bencoding');
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map((item) => valueOf('', item, binaries));
  if (typeof value === 'object') return dictOf(value as JsonObject, binaries);
  const isBytes = binaries === 'raw' && typeof value === 'string' && BASE64_FIELDS.has(name);
  return isBytes ? (decodeBase64(value) ?? value) : value;
}
