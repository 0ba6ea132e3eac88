import { clearField, clone, create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { Content_ExpirationType, ContentSchema, DataMessageSchema } from '../generated/session_pb.js';
import type { Content } from '../generated/session_pb.js';

/** What `create(ContentSchema, ...)` takes; bytes as Uint8Array, 64-bit numbers as bigint. */
export type ContentInit = MessageInitShape<typeof ContentSchema>;

/** The least that apps show as a message: docs/protocol/client-messages.md §8 "Minimum visible message". */
export function textContent(body: string, displayName?: string): Content {
  return create(ContentSchema, {
    dataMessage: { body, ...(displayName === undefined ? {} : { profile: { displayName } }) },
    expirationType: Content_ExpirationType.UNKNOWN,
    expirationTimer: 0,
  });
}

/**
 * The content with its one time: the signed one, and for typing the inner one too
 * (docs/protocol/client-messages.md §2.6).
 */
export function withSentTime(init: ContentInit, sentMs: number): Content {
  const content = clone(ContentSchema, create(ContentSchema, init));
  content.sigTimestamp = BigInt(sentMs);
  if (content.typingMessage) content.typingMessage.timestamp = BigInt(sentMs);
  return content;
}

/** The copy for our own other devices: docs/protocol/client-messages.md §2.8. Null for what is not copied. */
export function syncCopyOf(init: ContentInit, recipientId: string): Content | null {
  const content = clone(ContentSchema, create(ContentSchema, init));
  const data = content.dataMessage;
  if (!data) return null;
  clearField(data, DataMessageSchema.field.profile);
  clearField(data, DataMessageSchema.field.profileKey);
  data.syncTarget = recipientId;
  return content;
}
