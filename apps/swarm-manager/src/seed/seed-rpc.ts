import {
  InvalidJson,
  isJsonObject,
  parseJson,
  serviceNodeStates,
  stringifyJson,
  type JsonObject,
  type JsonValue,
  type NetworkSnapshot,
  type RandomBytes,
} from '#protocol';

/** Three names of the same question. docs/protocol/membership.md */
const METHODS: ReadonlySet<string> = new Set(['get_service_nodes', 'get_n_service_nodes', 'get_all_service_nodes']);

/** Codes of JSON-RPC 2.0. */
const PARSE_ERROR = { code: -32_700, message: 'Parse error' };
const INVALID_REQUEST = { code: -32_600, message: 'Invalid request' };
const NO_METHOD = { code: -32_601, message: 'Method not found' };
const NOT_YET = { code: -32_000, message: 'No node list yet' };

/** Answers a JSON-RPC call as text of JSON. Clients send no id; it is then null. */
export function answerSeedCall(body: Uint8Array, snapshot: NetworkSnapshot | undefined, random: RandomBytes): string {
  let call: JsonValue;
  try {
    call = parseJson(body);
  } catch (cause) {
    if (!(cause instanceof InvalidJson)) throw cause;
    return failure(null, PARSE_ERROR);
  }
  if (!isJsonObject(call) || typeof call.method !== 'string') return failure(null, INVALID_REQUEST);
  const id = call.id ?? null;
  if (!METHODS.has(call.method)) return failure(id, NO_METHOD);
  if (snapshot === undefined) return failure(id, NOT_YET);
  const result = serviceNodeStates(snapshot, call.params ?? {}, random);
  return stringifyJson({ jsonrpc: '2.0', id, result });
}

const failure = (id: JsonValue, error: JsonObject): string => stringifyJson({ jsonrpc: '2.0', id, error });
