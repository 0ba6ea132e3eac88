import { bdecode, InvalidBencode, type BValue } from '../bencode.js';
import { BadRequest, InvalidRequest } from '../errors.js';
import { TEXTS } from '../texts.js';
import { parseBatch, type BatchRequest } from './batch.js';
import { parseEnvelope } from './envelope.js';
import { BtParams, JsonParams, type RpcParams } from './params.js';
import { RECURSIVE_METHODS, SIMPLE_METHODS, type RecursiveRequest, type SimpleRequest } from './simple-request.js';

/** Everything a client can ask for; `method` tells them apart. */
export type RpcRequest = SimpleRequest | BatchRequest;

/** A client's call, envelope included. Throws BadRequest, in the words of docs/protocol/storage-rpc.md §1.1 and §2. */
export function parseClientCall(body: Uint8Array): RpcRequest {
  const { method, params } = parseEnvelope(body);
  return parseRequest(method, new JsonParams(params));
}

function parseRequest(method: string, params: RpcParams): RpcRequest {
  if (method === 'batch' || method === 'sequence') return parseBatch(method, params);
  const parse = SIMPLE_METHODS.get(method);
  if (parse === undefined) throw new BadRequest(TEXTS.noMethod(method));
  return parse(params);
}

/** What another member of the swarm passed on: only methods that fan out, parameters bencoded. Throws BadRequest. */
export function parseForwardedCall(method: string, params: Uint8Array): RecursiveRequest {
  const parse = RECURSIVE_METHODS.get(method);
  if (parse === undefined) throw new InvalidRequest(TEXTS.parse.notForwardable);
  return parse(new BtParams(parseDict(params)));
}

function parseDict(bytes: Uint8Array): ReadonlyMap<string, BValue> {
  try {
    const value = bdecode(bytes);
    if (value instanceof Map) return value;
  } catch (cause) {
    if (!(cause instanceof InvalidBencode)) throw cause;
  }
  throw new BadRequest(TEXTS.invalidBody);
}
