import { clearField } from '@bufbuild/protobuf';
import { DataMessage_Flags, DataMessageSchema } from '../generated/session_pb.js';
import type { Content, DataMessage } from '../generated/session_pb.js';
import { memberOf } from './content-member.js';
import type { ContentMember } from './content-member.js';
import type { DropReason } from './drop-reason.js';

/** docs/protocol/client-messages.md §2.10 step 7: more is an attack on memory, no app sends it. */
const MAX_ATTACHMENTS = 32;

/** What only the application knows; both are optional. */
export interface AcceptanceHooks {
  /** Whether the user blocked this Account ID. */
  isBlocked?(senderId: string): boolean;
  /** Whether another device deleted this conversation after `sentMs` (step 6). */
  wasDeleted?(conversationId: string, sentMs: number): boolean;
}

export interface OpenedContent {
  readonly content: Content;
  /** Account ID that the signature proves. */
  readonly senderId: string;
  readonly readerId: string;
  readonly sentMs: number;
}

export interface Acceptance {
  readonly member: ContentMember;
  /** Account ID of the other party: the sender, or the target of a copy from an own device. */
  readonly conversationId: string;
  /** Whether there is something to show; otherwise only the profile or the signal counts. */
  readonly isVisible: boolean;
}

/** The rules for an opened content, steps 4 to 8 of docs/protocol/client-messages.md §2.10, in their order. */
export function acceptContent(opened: OpenedContent, hooks: AcceptanceHooks = {}): Acceptance | DropReason {
  const { content, senderId, sentMs } = opened;
  // Zero and absent are the same: legacy clients leave it out.
  if (content.sigTimestamp !== 0n && content.sigTimestamp !== BigInt(sentMs)) return 'dropped_timestamp_mismatch';

  const isPromotion = content.dataMessage?.groupUpdateMessage?.promoteMessage !== undefined;
  if (!isPromotion && hooks.isBlocked?.(senderId)) return 'dropped_blocked';

  const conversationId = content.dataMessage?.syncTarget.toLowerCase() || senderId;
  if (hooks.wasDeleted?.(conversationId, sentMs)) return 'dropped_deleted';

  const member = memberOf(content);
  const refusal = member ? refuseMember(member, opened) : 'ignored';
  if (!member || refusal) return refusal ?? 'ignored';
  return { member, conversationId, isVisible: member.kind === 'dataMessage' && isVisible(member.value) };
}

function refuseMember(member: ContentMember, { senderId, readerId, sentMs }: OpenedContent): DropReason | null {
  switch (member.kind) {
    case 'dataMessage':
      return refuseData(member.value, senderId === readerId);
    case 'typingMessage':
      return member.value.timestamp === BigInt(sentMs) ? null : 'ignored';
    case 'unsendRequest':
      return member.value.author.toLowerCase() === senderId ? null : 'dropped_author_mismatch';
    case 'receiptMessage':
    case 'dataExtractionNotification':
    case 'callMessage':
    case 'messageRequestResponse':
      return null;
  }
}

function refuseData(data: DataMessage, isFromSelf: boolean): DropReason | null {
  const isTimerUpdate = (data.flags & DataMessage_Flags.EXPIRATION_TIMER_UPDATE) !== 0;
  if (data.flags !== 0 && !isTimerUpdate) return 'dropped_unknown_flags';
  if (data.attachments.length > MAX_ATTACHMENTS) return 'dropped_too_many_attachments';
  if (data.syncTarget !== '' && !isFromSelf) return 'dropped_sync_not_from_self';
  if (isTimerUpdate) {
    // A timer update carries nothing else; what is there anyway is not shown.
    clearField(data, DataMessageSchema.field.body);
    data.attachments = [];
  }
  return null;
}

function isVisible(data: DataMessage): boolean {
  return (
    data.flags !== 0 ||
    data.body !== '' ||
    data.attachments.length > 0 ||
    data.preview.length > 0 ||
    data.quote !== undefined ||
    data.communityInvitation !== undefined ||
    data.reaction !== undefined
  );
}
