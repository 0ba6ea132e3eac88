import { create, fromBinary, toBinary, isFieldSet } from '@bufbuild/protobuf';
import {
  Envelope_Type,
  EnvelopeSchema,
  WebSocketMessage_Type,
  WebSocketMessageSchema,
} from '../generated/session_pb.js';
import type { DropReason } from './drop-reason.js';

/** docs/protocol/client-messages.md §2.5 */
const PRO_SIGNATURE_BYTES = 64;
const SOURCE_PATTERN = /^([0-9a-f]{66})?$/i;

/**
 * Verb and path of the outer request. Readers ignore both. Nodes see them in the clear, so both choices are ones that
 * many clients make: `put` is what all but the newest write, `empty` is what the newest libsession writes.
 */
const REQUEST_HEADS = { put: { verb: 'PUT', path: '/api/v1/message' }, empty: { verb: '', path: '' } } as const;
export type WrapperStyle = keyof typeof REQUEST_HEADS;

/** The envelope of a one-to-one message: no source and no device number, the signature inside proves the sender. */
export function encodeEnvelope(sentMs: number, sealed: Uint8Array): Uint8Array {
  const envelope = { type: Envelope_Type.SESSION_MESSAGE, timestamp: BigInt(sentMs), content: sealed };
  return toBinary(EnvelopeSchema, create(EnvelopeSchema, envelope));
}

/** Every field is written, empty ones too: old iOS versions refuse a wrapper that lacks one. */
export function wrapEnvelope(envelope: Uint8Array, style: WrapperStyle): Uint8Array {
  const request = { ...REQUEST_HEADS[style], body: envelope, requestId: 0n };
  return toBinary(
    WebSocketMessageSchema,
    create(WebSocketMessageSchema, { type: WebSocketMessage_Type.REQUEST, request }),
  );
}

export interface UnwrappedEnvelope {
  /** Epoch milliseconds, as the sender wrote them. */
  readonly sentMs: number;
  readonly sealed: Uint8Array;
}

/** The envelope inside a stored message, or the reason why there is none. */
export function unwrapEnvelope(stored: Uint8Array): UnwrappedEnvelope | DropReason {
  const wrapper = parseOrNull(() => fromBinary(WebSocketMessageSchema, stored));
  if (!wrapper) return 'parse_fails';
  if (wrapper.type !== WebSocketMessage_Type.REQUEST) return 'not_a_request';
  const body = wrapper.request?.body;
  if (!body || body.length === 0) return 'no_body';

  const envelope = parseOrNull(() => fromBinary(EnvelopeSchema, body));
  if (!envelope) return 'parse_fails';
  // The type is not looked at: the namespace says what it is, and newer writers may use other numbers.
  const { timestamp, content } = EnvelopeSchema.field;
  if (!isFieldSet(envelope, timestamp) || !isFieldSet(envelope, content)) return 'parse_fails';
  if (!SOURCE_PATTERN.test(envelope.source)) return 'parse_fails';
  const hasProSignature = isFieldSet(envelope, EnvelopeSchema.field.proSig);
  if (hasProSignature && envelope.proSig.length !== PRO_SIGNATURE_BYTES) return 'parse_fails';
  // No clock reaches 2^53 ms; beyond it a number would no longer be the one that was signed.
  if (envelope.timestamp > BigInt(Number.MAX_SAFE_INTEGER)) return 'parse_fails';
  return { sentMs: Number(envelope.timestamp), sealed: envelope.content };
}

/** A reader of hostile bytes: whatever the decoder throws means that they cannot be read. */
export function parseOrNull<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch {
    return null;
  }
}
