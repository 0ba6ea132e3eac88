import { InvalidJson, isJsonObject, parseJson, type JsonBounds, type JsonObject, type JsonValue } from '../json.js';

/** Why a text is not a JSON object. */
export type ObjectFault = 'not-json' | 'not-an-object';

/** Why the control part of a frame is refused. */
export type ControlFault = ObjectFault | 'too-long';

/** Clients write 20 to 300 bytes. Without a bound, any stranger could have us parse 10 MiB of JSON per request. */
const MAX_CONTROL_BYTES = 16 * 1024;
/** Clients write at most six. Objects with many keys cost far more memory than the bytes that describe them. */
const CONTROL_BOUNDS: JsonBounds = { keys: 1_000, values: Infinity };

/** Reads the control part of a frame. docs/protocol/onion.md §3.1.3 */
export function readControl(json: Uint8Array): JsonObject | ControlFault {
  return json.length > MAX_CONTROL_BYTES ? 'too-long' : readObject(json, CONTROL_BOUNDS);
}

/** Reads a text that must be one JSON object. */
export function readObject(json: Uint8Array, bounds?: JsonBounds): JsonObject | ObjectFault {
  let value: JsonValue;
  try {
    value = parseJson(json, bounds);
  } catch (cause) {
    if (cause instanceof InvalidJson) return 'not-json';
    throw cause;
  }
  return isJsonObject(value) ? value : 'not-an-object';
}
