import { BadRequest } from '../errors.js';
import { InvalidJson, isJsonObject, parseJson, type JsonObject, type JsonValue } from '../json.js';
import { TEXTS } from '../texts.js';
import { CALL_BOUNDS } from './call-bounds.js';

/** A call as clients send it over HTTPS and inside onions. */
export interface Envelope {
  readonly method: string;
  readonly params: JsonObject;
}

/** docs/protocol/storage-rpc.md §1.1; other keys are ignored. Throws BadRequest. */
export function parseEnvelope(body: Uint8Array): Envelope {
  const call = parseBody(body);
  if (!isJsonObject(call) || typeof call.method !== 'string') throw new BadRequest(TEXTS.noMethodField);
  if (!isJsonObject(call.params)) throw new BadRequest(TEXTS.noParamsField);
  return { method: call.method, params: call.params };
}

function parseBody(body: Uint8Array): JsonValue {
  try {
    return parseJson(body, CALL_BOUNDS);
  } catch (cause) {
    if (cause instanceof InvalidJson) throw new BadRequest(TEXTS.invalidJson);
    throw cause;
  }
}
