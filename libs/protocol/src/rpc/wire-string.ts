import { decodeBase64 } from '../base64.js';
import { utf8 } from '../hex.js';

/** Text in JSON, bytes in bencode: how a field was sent decides how it is decoded. */
export type WireString = string | Uint8Array;

const decoder = new TextDecoder();

/** Fields that are text in both encodings: hashes, names. Bytes that are not UTF-8 become replacement characters. */
export const textOf = (value: WireString): string => (typeof value === 'string' ? value : decoder.decode(value));

/** Fields that may hold the bytes themselves even in JSON. */
export const rawBytesOf = (value: WireString): Uint8Array => (typeof value === 'string' ? utf8(value) : value);

/** Fields that are base64 in JSON and raw in bencode; null for what is not base64. */
export const binaryOf = (value: WireString): Uint8Array | null =>
  typeof value === 'string' ? decodeBase64(value) : value;
