import type { JsonValue } from '../json.js';
import { readControl } from './control-json.js';
import { parseEncType, type EncType } from './enc-type.js';
import { MAX_ONION_HOPS } from './hop-frame.js';
import { readKey } from './key-text.js';
import { OnionParseError, PayloadError } from './onion-errors.js';
import { parseReasons } from './onion-texts.js';
import { splitPayload, type OnionPayload } from './payload.js';

/** A client's request as the entry receives it, or a server's: the outermost layer, still sealed. */
export interface EntryRequest {
  readonly ciphertext: Uint8Array;
  /** 32 bytes. */
  readonly ephemeralKey: Uint8Array;
  readonly encType: EncType;
  /** Where the client lets the hop counter start, 0..16. */
  readonly hopNo: number;
}

/** Reads the body of `POST /onion_req/v2`; views, no copies. Throws OnionParseError. docs/protocol/onion.md §3.2 */
export function parseEntry(body: Uint8Array): EntryRequest {
  const { blob, json } = split(body);
  const control = readControl(json);
  if (typeof control === 'string') throw new OnionParseError(parseReasons.control[control]);
  return {
    ciphertext: blob,
    ephemeralKey: entryKey(control.ephemeral_key),
    encType: entryEncType(control.enc_type),
    hopNo: entryHopNo(control.hop_no),
  };
}

function split(body: Uint8Array): OnionPayload {
  try {
    return splitPayload(body);
  } catch (cause) {
    throw cause instanceof PayloadError ? new OnionParseError(cause.message) : cause;
  }
}

function entryKey(value: JsonValue | undefined): Uint8Array {
  if (typeof value !== 'string') throw new OnionParseError(parseReasons.keyMissing);
  const key = readKey(value);
  if (key === 'not-hex') throw new OnionParseError(parseReasons.keyNotHex);
  if (key === 'wrong-length') throw new OnionParseError(parseReasons.keyLength(value.length));
  return key;
}

function entryEncType(value: JsonValue | undefined): EncType {
  if (value !== undefined && typeof value !== 'string') throw new OnionParseError(parseReasons.encTypeNotText);
  const encType = parseEncType(value);
  if (encType === null) throw new OnionParseError(parseReasons.unknownEncType(value ?? ''));
  return encType;
}

/** A client may pretend to be further down a path, never before its start; one past the limit stays too far. */
function entryHopNo(value: JsonValue | undefined): number {
  if (value === undefined) return 0;
  if (typeof value !== 'number' && typeof value !== 'bigint')
    throw new OnionParseError(parseReasons.hopNumberNotInteger);
  return Math.min(Math.max(Number(value), 0), MAX_ONION_HOPS + 1);
}
