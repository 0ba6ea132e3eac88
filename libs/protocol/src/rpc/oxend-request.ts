import { InvalidRequest } from '../errors.js';
import { parseJson, type JsonValue } from '../json.js';
import { TEXTS } from '../texts.js';
import { CALL_BOUNDS } from './call-bounds.js';
import { STRING } from './field-types.js';
import { readFields, type FieldType, type RpcParams } from './params.js';
import { textOf } from './wire-string.js';

const ENDPOINTS = ['get_service_nodes', 'ons_resolve'] as const;
type OxendEndpoint = (typeof ENDPOINTS)[number];

/** docs/protocol/storage-rpc.md §8.13 */
export interface OxendRequest {
  readonly method: 'oxend_request';
  readonly endpoint: OxendEndpoint;
  /** Null when none were given. */
  readonly params: JsonValue;
}

/** Any JSON value; in bencode, text that holds one. */
const JSON_VALUE: FieldType<JsonValue> = {
  fromJson: (value) => value,
  fromBt(value, name) {
    const text = STRING.fromBt(value, name);
    try {
      return parseJson(text, CALL_BOUNDS);
    } catch {
      throw new InvalidRequest(TEXTS.parse.oxendParams);
    }
  },
};

/** Throws InvalidRequest. */
export function parseOxendRequest(params: RpcParams): OxendRequest {
  const fields = readFields(params, { endpoint: STRING, params: JSON_VALUE });
  if (fields.endpoint === null) throw new InvalidRequest(TEXTS.field.missing('endpoint'));
  const name = textOf(fields.endpoint);
  const endpoint = ENDPOINTS.find((known) => known === name);
  if (endpoint === undefined) throw new InvalidRequest(TEXTS.parse.oxendEndpoint(name));
  return { method: 'oxend_request', endpoint, params: fields.params };
}
