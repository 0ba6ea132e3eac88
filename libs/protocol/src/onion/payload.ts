import { PayloadError } from './onion-errors.js';
import { parseReasons } from './onion-texts.js';

/** Length prefix of the blob: unsigned 32 bits, little-endian. */
const PREFIX_BYTES = 4;

/** One frame of docs/protocol/onion.md §3.1: a blob, then a JSON text that says what to do with it. */
export interface OnionPayload {
  readonly blob: Uint8Array;
  readonly json: Uint8Array;
}

/** Splits a frame into views of it, without looking into the JSON. Throws PayloadError. */
export function splitPayload(frame: Uint8Array): OnionPayload {
  if (frame.length < PREFIX_BYTES) throw new PayloadError(parseReasons.tooShort);
  const blobBytes = new DataView(frame.buffer, frame.byteOffset, PREFIX_BYTES).getUint32(0, true);
  const have = frame.length - PREFIX_BYTES;
  if (blobBytes > have) throw new PayloadError(parseReasons.lengthBeyondEnd(have, blobBytes));
  const blobEnd = PREFIX_BYTES + blobBytes;
  return { blob: frame.subarray(PREFIX_BYTES, blobEnd), json: frame.subarray(blobEnd) };
}

/** The frame of a blob and its control JSON. */
export function joinPayload(blob: Uint8Array, control: string): Uint8Array {
  const json = new TextEncoder().encode(control);
  const frame = new Uint8Array(PREFIX_BYTES + blob.length + json.length);
  new DataView(frame.buffer).setUint32(0, blob.length, true);
  frame.set(blob, PREFIX_BYTES);
  frame.set(json, PREFIX_BYTES + blob.length);
  return frame;
}
