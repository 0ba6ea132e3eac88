import { create, fromBinary, isFieldSet, toBinary } from '@bufbuild/protobuf';
import { concatBytes, equalBytes } from '#protocol';
import type { Primitives } from '#protocol';
import type { Account } from '../account/account.js';
import { ContentSchema, SharedConfigMessageSchema } from '../generated/session_pb.js';
import type { SharedConfigMessage } from '../generated/session_pb.js';
import { decryptForReader, encryptDeterministically } from '../messages/session-encryption.js';
import { encodeEnvelope, parseOrNull, unwrapEnvelope, wrapEnvelope } from '../messages/wrapper.js';
import type { ConfigKind } from './config-kind.js';

/** docs/protocol/client-messages.md §4.1: a fixed time, so that equal configs stay equal bytes. */
const ENVELOPE_TIME = 1;
const END_MARKER = 0x80;
/** A past release wrapped twice. */
const MAX_LAYERS = 2;

/** What a node stores for an own config: the encrypted form inside a message to ourselves. */
export function wrapConfig(
  primitives: Primitives,
  account: Account,
  config: { readonly kind: ConfigKind; readonly seqno: number; readonly encrypted: Uint8Array },
): Uint8Array {
  const { kind, seqno, encrypted } = config;
  if (kind.kind === null) return encrypted;
  const sharedConfigMessage = { kind: kind.kind, seqno: BigInt(seqno), data: encrypted };
  const content = toBinary(ContentSchema, create(ContentSchema, { sharedConfigMessage }));
  const padded = concatBytes(content, Uint8Array.of(END_MARKER));
  const recipient = account.x25519.publicKey;
  const sealed = encryptDeterministically(primitives, { sender: account, recipient, padded });
  if (!sealed) throw new RangeError('an own key is always usable');
  return wrapEnvelope(encodeEnvelope(ENVELOPE_TIME, sealed), 'empty');
}

/**
 * The encrypted form inside what a node stored. What is not wrapped is taken as it is, which old and group configs
 * are. Null for a wrapper that somebody else made or that belongs to another kind.
 */
export function unwrapConfig(
  primitives: Primitives,
  account: Account,
  kind: ConfigKind,
  stored: Uint8Array,
): Uint8Array | null {
  let bytes = stored;
  for (let layer = 0; kind.kind !== null && layer < MAX_LAYERS; layer++) {
    const inner = unwrapOnce(primitives, account, bytes);
    if (inner === 'not-wrapped') break;
    if (inner === 'foreign' || inner.kind !== kind.kind) return null;
    bytes = inner.data;
  }
  return bytes;
}

function unwrapOnce(
  primitives: Primitives,
  account: Account,
  bytes: Uint8Array,
): SharedConfigMessage | 'not-wrapped' | 'foreign' {
  const envelope = unwrapEnvelope(bytes);
  if (typeof envelope === 'string') return 'not-wrapped';
  const opened = decryptForReader(primitives, envelope.sealed, account);
  if (typeof opened === 'string') return 'not-wrapped';
  if (!equalBytes(opened.senderKey, account.ed25519.publicKey)) return 'foreign';

  const content = stripEnd(opened.padded);
  const parsed = content && parseOrNull(() => fromBinary(ContentSchema, content));
  const config = parsed?.sharedConfigMessage;
  const { field } = SharedConfigMessageSchema;
  if (!config || !isFieldSet(config, field.kind) || !isFieldSet(config, field.data)) return 'not-wrapped';
  return config;
}

/** Zeros and end markers come off; a content that ends in anything else is none of ours. */
function stripEnd(padded: Uint8Array): Uint8Array | null {
  const last = padded.at(-1);
  if (last !== 0 && last !== END_MARKER) return null;
  let end = padded.length;
  while (end > 0 && padded[end - 1] === 0) end--;
  if (padded[end - 1] === END_MARKER) end--;
  return padded.subarray(0, end);
}
