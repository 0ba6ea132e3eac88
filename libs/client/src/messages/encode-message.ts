import { toBinary } from '@bufbuild/protobuf';
import { encodeBase64, hexToBytes, noblePrimitives } from '#protocol';
import type { Primitives, RandomBytes } from '#protocol';
import type { Account } from '../account/account.js';
import { ClientError } from '../errors.js';
import { ContentSchema } from '../generated/session_pb.js';
import { withSentTime } from './compose.js';
import type { ContentInit } from './compose.js';
import { padContent } from './padding.js';
import { encryptForRecipient } from './session-encryption.js';
import { ttlOf } from './ttl.js';
import { encodeEnvelope, wrapEnvelope } from './wrapper.js';
import type { WrapperStyle } from './wrapper.js';

/** Nodes refuse more: docs/protocol/storage-rpc.md §6. */
export const MAX_STORED_BYTES = 76_800;
const USER_ID_PATTERN = /^05[0-9a-f]{64}$/;

/** The recipient is not an Account ID that a message can be sealed for. */
export class InvalidRecipient extends ClientError {
  constructor() {
    super('The recipient must be an Account ID: 66 hex digits that start with 05.');
  }
}

/** Apps show no message without anything in it. */
export class EmptyMessage extends ClientError {
  constructor() {
    super('The message is empty.');
  }
}

/** The message does not fit into what nodes store. */
export class MessageTooLong extends ClientError {
  constructor(bytes: number) {
    super(`The message is too long: it takes ${bytes} bytes encrypted and a node stores at most ${MAX_STORED_BYTES}.`);
  }
}

export interface EncodeRequest {
  readonly content: ContentInit;
  readonly sender: Account;
  /** Account ID, in either case. */
  readonly recipientId: string;
  /** Epoch milliseconds by the network's clock, unique for this sender. */
  readonly sentMs: number;
  readonly random: RandomBytes;
  readonly primitives?: Primitives;
  readonly style?: WrapperStyle;
}

export interface EncodedMessage {
  /** What a node stores. */
  readonly bytes: Uint8Array;
  /** The same as `data` of a store request. */
  readonly base64: string;
  readonly ttlMs: number;
}

/** Builds one stored message, docs/protocol/client-messages.md §2.1 to §2.7. Throws InvalidRecipient, MessageTooLong. */
export function encodeMessage(request: EncodeRequest): EncodedMessage {
  const { sender, sentMs, random, primitives = noblePrimitives, style = 'put' } = request;
  const recipient = recipientKey(request.recipientId);
  const content = withSentTime(request.content, sentMs);
  const padded = padContent(toBinary(ContentSchema, content));
  const sealed = encryptForRecipient(primitives, random, { recipient, sender, padded });
  if (!sealed) throw new InvalidRecipient();
  const bytes = wrapEnvelope(encodeEnvelope(sentMs, sealed), style);
  if (bytes.length > MAX_STORED_BYTES) throw new MessageTooLong(bytes.length);
  return { bytes, base64: encodeBase64(bytes), ttlMs: ttlOf(content) };
}

function recipientKey(accountId: string): Uint8Array {
  const id = accountId.toLowerCase();
  const key = USER_ID_PATTERN.test(id) ? hexToBytes(id.slice(2)) : null;
  if (!key) throw new InvalidRecipient();
  return key;
}
