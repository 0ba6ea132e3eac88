import type { BValue } from '../bencode.js';
import { InvalidRequest } from '../errors.js';
import { isJsonObject, type JsonValue } from '../json.js';
import { TEXTS } from '../texts.js';
import { BtParams, JsonParams, type FieldType, type RpcParams } from './params.js';
import { SIMPLE_METHODS, type SimpleRequest } from './simple-request.js';
import { textOf } from './wire-string.js';

const MAX_REQUESTS = 20;

/** Methods that hold requests themselves and are not taken inside one another. */
export const META_METHODS: ReadonlySet<string> = new Set(['batch', 'sequence', 'ifelse']);

/** docs/protocol/storage-rpc.md §9.1 (batch: in any order) and §9.2 (sequence: in turn, up to the first failure). */
export interface BatchRequest {
  readonly method: 'batch' | 'sequence';
  /** 1 to 20. */
  readonly requests: readonly SimpleRequest[];
}

/** What one element says, before the method is looked up. */
interface Subrequest {
  readonly method: string;
  readonly params: RpcParams;
}

const SUBREQUESTS: FieldType<readonly Subrequest[]> = {
  fromJson(value) {
    if (!Array.isArray(value) || value.length === 0) throw new InvalidRequest(TEXTS.batch.noRequests);
    return upToLimit(value as readonly JsonValue[]).map(subrequestOfJson);
  },
  fromBt(value) {
    if (!Array.isArray(value)) throw new InvalidRequest(TEXTS.batch.noRequests);
    if (value.length === 0) throw new InvalidRequest(TEXTS.batch.emptyBt);
    return upToLimit(value).map(subrequestOfBt);
  },
};

function upToLimit<T>(elements: readonly T[]): readonly T[] {
  if (elements.length > MAX_REQUESTS) throw new InvalidRequest(TEXTS.batch.tooMany);
  return elements;
}

function subrequestOfJson(element: JsonValue): Subrequest {
  if (!isJsonObject(element)) throw new InvalidRequest(TEXTS.batch.notObjects);
  const { method, params } = element;
  if (typeof method !== 'string' || !isJsonObject(params)) throw new InvalidRequest(TEXTS.batch.methodAndParams);
  return { method, params: new JsonParams(params) };
}

function subrequestOfBt(element: BValue): Subrequest {
  if (!(element instanceof Map)) throw new InvalidRequest(TEXTS.batch.notDicts);
  const method = element.get('method');
  const params = element.get('params');
  if (!(method instanceof Uint8Array)) throw new InvalidRequest(TEXTS.batch.methodBt);
  if (!(params instanceof Map)) throw new InvalidRequest(TEXTS.batch.paramsBt);
  return { method: textOf(method), params: new BtParams(params) };
}

/** Every element is parsed before any is carried out: one bad element fails them all. Throws InvalidRequest. */
export function parseBatch(method: BatchRequest['method'], params: RpcParams): BatchRequest {
  const subrequests = params.field('requests', SUBREQUESTS);
  if (subrequests === null) throw new InvalidRequest(TEXTS.batch.noRequests);
  return { method, requests: subrequests.map(parseSubrequest) };
}

function parseSubrequest({ method, params }: Subrequest): SimpleRequest {
  if (META_METHODS.has(method)) throw new InvalidRequest(TEXTS.batch.meta);
  const parse = SIMPLE_METHODS.get(method);
  if (parse === undefined) throw new InvalidRequest(TEXTS.batch.unknownMethod(method));
  return parse(params);
}
