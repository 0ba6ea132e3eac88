import { bdecode, InvalidBencode, type Bencodable, type BValue, type JsonObject, type JsonValue } from '#protocol';

/** What one member did, as it stands under its key in `swarm`. Signatures are bytes here, base64 for clients. */
export type NodeResult = Readonly<Record<string, Bencodable>>;

/** Members whose values are flags: bencode has no booleans, and clients want real ones. */
const FLAGS: ReadonlySet<string> = new Set(['already', 'failed', 'timeout', 'query_failure', 'bad_peer_response']);
const BASE64_FIELDS: ReadonlySet<string> = new Set(['signature']);

const decoder = new TextDecoder();
const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');

/** The entry of a member as clients see it. */
export function resultToJson(result: NodeResult): JsonObject {
  const entries = Object.entries(result).map(([name, value]) => [name, toJson(value)] as const);
  return Object.fromEntries(entries);
}

function toJson(value: Bencodable): JsonValue {
  if (value instanceof Uint8Array) return base64(value);
  if (Array.isArray(value)) return value.map((item) => toJson(item as Bencodable));
  if (typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toJson(item as Bencodable)]));
  }
  return value;
}

/** Reads the bencoded dictionary of another member into its entry for clients; null when it is none. */
export function peerResultToJson(body: Uint8Array): JsonObject | null {
  const dict = decodeDict(body);
  return dict === null ? null : dictToJson(dict);
}

function decodeDict(body: Uint8Array): ReadonlyMap<string, BValue> | null {
  try {
    const value = bdecode(body);
    return value instanceof Map ? value : null;
  } catch (cause) {
    if (cause instanceof InvalidBencode) return null;
    throw cause;
  }
}

function dictToJson(dict: ReadonlyMap<string, BValue>): JsonObject {
  const object = Object.create(null) as Record<string, JsonValue>; // a member may name a key `__proto__`
  for (const [name, value] of dict) object[name] = fieldToJson(name, value);
  return object;
}

function fieldToJson(name: string, value: BValue): JsonValue {
  if (FLAGS.has(name) && typeof value === 'number') return value !== 0;
  if (BASE64_FIELDS.has(name) && value instanceof Uint8Array) return base64(value);
  if (value instanceof Uint8Array) return decoder.decode(value);
  if (Array.isArray(value)) return value.map((item) => fieldToJson('', item));
  return value instanceof Map ? dictToJson(value) : value;
}
