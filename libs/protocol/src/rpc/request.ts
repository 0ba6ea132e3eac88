import { bdecode, InvalidBencode, type BValue } from '../bencode.js';
import { BadRequest, InvalidRequest } from '../errors.js';
import { InvalidJson, isJsonObject, parseJson, type JsonObject } from '../json.js';
import { TEXTS } from '../texts.js';
import { META_METHODS, parseBatch, type BatchRequest } from './batch.js';
import { CALL_BOUNDS } from './call-bounds.js';
import { parseEnvelope } from './envelope.js';
import { parseIfElse, type IfElseRequest } from './ifelse.js';
import { BtParams, JsonParams, type RpcParams } from './params.js';
import { RECURSIVE_METHODS, SIMPLE_METHODS, type RecursiveRequest, type SimpleRequest } from './simple-request.js';

/** Everything a client can ask for; `method` tells them apart. */
export type RpcRequest = SimpleRequest | BatchRequest | IfElseRequest<RpcRequest>;

/** `ifelse` in `ifelse`. The network has no limit; ours keeps a request from costing more than it weighs. */
const MAX_DEPTH = 16;

/** A client's call, envelope included. Throws BadRequest, in the words of docs/protocol/storage-rpc.md §1.1 and §2. */
export function parseClientCall(body: Uint8Array): RpcRequest {
  const { method, params } = parseEnvelope(body);
  const request = parseRequest(method, new JsonParams(params), 1);
  if (request === null) throw new BadRequest(TEXTS.noMethod(method));
  return request;
}

/** How a call's parameters are written, and with them its answer. */
export type CallEncoding = 'json' | 'bt';

const LETTER_D = 0x64;

/** By the first byte; nothing at all counts as JSON. docs/protocol/storage-rpc.md §1.3 */
export const encodingOf = (params: Uint8Array): CallEncoding => (params[0] === LETTER_D ? 'bt' : 'json');

/**
 * A call whose method stands beside its parameters, which are JSON, bencoded or nothing. Throws BadRequest, in the words
 * of docs/protocol/storage-rpc.md §1.3 and §2.
 */
export function parseCall(method: string, params: Uint8Array): RpcRequest {
  const request = parseRequest(method, paramsOf(params), 1);
  if (request === null) throw new BadRequest(TEXTS.noMethod(method));
  return request;
}

function paramsOf(bytes: Uint8Array): RpcParams {
  if (bytes.length === 0) return new JsonParams({});
  return encodingOf(bytes) === 'bt'
    ? new BtParams(parseDict(bytes, CALL_BOUNDS.values))
    : new JsonParams(parseObject(bytes));
}

function parseObject(bytes: Uint8Array): JsonObject {
  try {
    const value = parseJson(bytes, CALL_BOUNDS);
    if (isJsonObject(value)) return value;
  } catch (cause) {
    if (!(cause instanceof InvalidJson)) throw cause;
  }
  throw new BadRequest(TEXTS.invalidBody);
}

/** Null for a method that there is not. */
function parseRequest(method: string, params: RpcParams, depth: number): RpcRequest | null {
  if (depth > MAX_DEPTH) throw new InvalidRequest(TEXTS.ifelse.tooDeep);
  switch (method) {
    case 'batch':
    case 'sequence':
      return parseBatch(method, params);
    case 'ifelse':
      return parseIfElse(params, (inner, innerParams) => parseRequest(inner, innerParams, depth + 1));
    default:
      return SIMPLE_METHODS.get(method)?.(params) ?? null;
  }
}

/** What another member of the swarm passed on: only methods that fan out, parameters bencoded. Throws BadRequest. */
export function parseForwardedCall(method: string, params: Uint8Array): RecursiveRequest {
  const parse = RECURSIVE_METHODS.get(method);
  if (parse === undefined) throw new InvalidRequest(TEXTS.parse.notForwardable);
  return parse(new BtParams(parseDict(params)));
}

function parseDict(bytes: Uint8Array, maxValues?: number): ReadonlyMap<string, BValue> {
  try {
    const value = bdecode(bytes, maxValues);
    if (value instanceof Map) return value;
  } catch (cause) {
    if (!(cause instanceof InvalidBencode)) throw cause;
  }
  throw new BadRequest(TEXTS.invalidBody);
}

/** Whether there is a method of this name. */
export const isMethod = (name: string): boolean => SIMPLE_METHODS.has(name) || META_METHODS.has(name);
