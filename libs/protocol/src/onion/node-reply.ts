import { encodeBase64 } from '../base64.js';
import type { WireReply } from '../errors.js';
import { concatBytes, utf8 } from '../hex.js';
import { stringifyJson, type JsonValue } from '../json.js';
import { readObject } from './control-json.js';
import { UnreadableReply } from './onion-errors.js';

const textDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** An answer of this node's RPC, still as bytes. */
export interface NodeAnswer {
  readonly status: number;
  /** What `body` is: UTF-8 text, one complete JSON text, or anything. */
  readonly kind: 'text' | 'json' | 'binary';
  readonly body: Uint8Array;
}

/** What a client finds in the reply of a destination node. */
export interface NodeReply {
  readonly status: number;
  /** A string (of JSON, mostly), or JSON when the client asked for that. */
  readonly body: JsonValue;
}

/** The plaintext of a reply of our own words: a text as it is, an object as a string of JSON. docs/protocol/onion.md §4.1 */
export function encodeNodeReply({ status, body }: WireReply): Uint8Array {
  const text = typeof body === 'string' ? body : stringifyJson(body);
  return utf8(`{"body":${JSON.stringify(text)},"status":${status}}`);
}

/**
 * The plaintext of a reply with what the RPC answered, without parsing it. JSON is embedded as JSON only when the
 * client asked for it; bytes travel as base64.
 */
export function encodeNodeAnswer(answer: NodeAnswer, embedJson: boolean): Uint8Array {
  const { status, kind, body } = answer;
  const tail = `,"status":${status}}`;
  if (kind === 'json' && embedJson) return concatBytes(utf8('{"body":'), body, utf8(tail));
  if (kind === 'binary') return utf8(`{"body":"${encodeBase64(body)}"${tail}`);
  return utf8(`{"body":${JSON.stringify(textDecoder.decode(body))}${tail}`);
}

/** Client side: reads the decrypted reply of a node. Throws UnreadableReply. */
export function parseNodeReply(plaintext: Uint8Array): NodeReply {
  const reply = readObject(plaintext);
  if (typeof reply === 'string') throw new UnreadableReply('the reply is not a JSON object');
  const status = reply.status ?? reply.status_code;
  if (typeof status !== 'number' || reply.body === undefined)
    throw new UnreadableReply('the reply lacks status or body');
  return { status, body: reply.body };
}
