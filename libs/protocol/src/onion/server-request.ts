import { bdecode, bencode, InvalidBencode, type BValue } from '../bencode.js';
import { utf8 } from '../hex.js';
import { isJsonObject, type JsonObject } from '../json.js';
import { readObject } from './control-json.js';
import { UnreadableReply } from './onion-errors.js';

/** A sub-request for a server, carried inside the onion. docs/protocol/onion.md §4.4 */
export interface ServerRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** v4: starts with `/`. */
  readonly endpoint: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ServerReply {
  readonly code: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Plaintext of a v3 request: one JSON object; servers read the body of POST and PUT only. */
export function buildV3Request(request: ServerRequest & { readonly body?: string }): Uint8Array {
  const { method, endpoint, headers = {}, body } = request;
  return utf8(JSON.stringify({ method, endpoint, headers, body }));
}

/** Plaintext of a v4 request: a bencoded list of the description and, if there is one, the body. */
export function buildV4Request(request: ServerRequest & { readonly body?: Uint8Array }): Uint8Array {
  const { method, endpoint, headers = {}, body } = request;
  const description = utf8(JSON.stringify({ method, endpoint, headers }));
  return bencode(body === undefined ? [description] : [description, body]);
}

/** Reads the decrypted reply of a v4 server; `body` is a view. Throws UnreadableReply. */
export function parseV4Reply(plaintext: Uint8Array): ServerReply {
  const [description, body, ...rest] = readList(plaintext);
  if (!(description instanceof Uint8Array) || !(body instanceof Uint8Array) || rest.length > 0) {
    throw new UnreadableReply('a v4 reply is a list of two strings');
  }
  const { code, headers } = readDescription(description);
  if (typeof code !== 'number') throw new UnreadableReply('a v4 reply lacks its code');
  if (!isJsonObject(headers)) throw new UnreadableReply('a v4 reply lacks its headers');
  return { code, headers: readHeaders(headers), body };
}

function readList(plaintext: Uint8Array): BValue[] {
  let value: BValue;
  try {
    value = bdecode(plaintext);
  } catch (cause) {
    throw cause instanceof InvalidBencode ? new UnreadableReply('a v4 reply is not bencoded') : cause;
  }
  if (!Array.isArray(value)) throw new UnreadableReply('a v4 reply is a list');
  return value;
}

function readDescription(bytes: Uint8Array): JsonObject {
  const description = readObject(bytes);
  if (typeof description === 'string') throw new UnreadableReply('the description of a v4 reply is not a JSON object');
  return description;
}

function readHeaders(headers: JsonObject): Record<string, string> {
  const texts = Object.create(null) as Record<string, string>; // `__proto__` is a header name like any other
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value !== 'string') throw new UnreadableReply('a header of a v4 reply is not text');
    texts[name.toLowerCase()] = value;
  }
  return texts;
}
