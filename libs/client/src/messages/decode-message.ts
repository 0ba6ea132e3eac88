import { fromBinary } from '@bufbuild/protobuf';
import { decodeBase64, noblePrimitives } from '#protocol';
import type { Primitives } from '#protocol';
import type { Account } from '../account/account.js';
import { ContentSchema } from '../generated/session_pb.js';
import type { Content } from '../generated/session_pb.js';
import { acceptContent } from './acceptance.js';
import type { Acceptance, AcceptanceHooks } from './acceptance.js';
import type { DropReason } from './drop-reason.js';
import { stripPadding } from './padding.js';
import { hasRequiredFields } from './required-fields.js';
import { decryptForReader } from './session-encryption.js';
import { parseOrNull, unwrapEnvelope } from './wrapper.js';

export interface DecodedMessage extends Acceptance {
  readonly kind: 'message';
  /** Account ID that the signature inside proves. */
  readonly senderId: string;
  /** Epoch milliseconds; with the sender it is the identity of the message. */
  readonly sentMs: number;
  readonly content: Content;
  /** False for a content that came without padding. */
  readonly wasPadded: boolean;
}

export interface DroppedMessage {
  readonly kind: 'dropped';
  readonly reason: DropReason;
}

export interface DecodeOptions extends AcceptanceHooks {
  readonly primitives?: Primitives;
}

/**
 * Opens what a node stored in namespace 0: docs/protocol/client-messages.md §2.10, steps 2 to 8.
 * `stored` is the base64 text of an answer or the bytes behind it. Hostile input gives a reason, never an error.
 */
export function decodeMessage(
  stored: string | Uint8Array,
  reader: Account,
  options: DecodeOptions = {},
): DecodedMessage | DroppedMessage {
  const bytes = typeof stored === 'string' ? decodeBase64(stored) : stored;
  if (!bytes) return dropped('parse_fails');
  const envelope = unwrapEnvelope(bytes);
  if (typeof envelope === 'string') return dropped(envelope);

  const opened = decryptForReader(options.primitives ?? noblePrimitives, envelope.sealed, reader);
  if (typeof opened === 'string') return dropped(opened);
  const stripped = stripPadding(opened.padded);
  if (!stripped) return dropped('bad_padding');
  if (stripped.content.length === 0) return dropped('empty_content');

  const content = parseOrNull(() => fromBinary(ContentSchema, stripped.content));
  if (!content || !hasRequiredFields(ContentSchema, content)) return dropped('content_parse_fails');

  const { senderId } = opened;
  const { sentMs } = envelope;
  const acceptance = acceptContent({ content, senderId, readerId: reader.id, sentMs }, options);
  if (typeof acceptance === 'string') return dropped(acceptance);
  return { kind: 'message', senderId, sentMs, content, wasPadded: stripped.wasPadded, ...acceptance };
}

function dropped(reason: DropReason): DroppedMessage {
  return { kind: 'dropped', reason };
}
