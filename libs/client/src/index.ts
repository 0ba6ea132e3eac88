export { Account } from './account/account.js';
export type { X25519KeyPair } from './account/account.js';
export { MnemonicError } from './account/mnemonic.js';
export type { MnemonicProblem } from './account/mnemonic.js';
export { MAX_ATTACHMENT_BYTES, openAttachment, sealAttachment } from './attachments/legacy-attachment.js';
export type { AttachmentPointerFields, SealedAttachment } from './attachments/legacy-attachment.js';
export { openProfilePicture, sealProfilePicture } from './attachments/profile-picture.js';
export { openStream, sealStream, STREAM_USE } from './attachments/stream-attachment.js';
export type { StreamUse } from './attachments/stream-attachment.js';
export { Client } from './client.js';
export type { SendOptions, SendResult } from './client.js';
export type { ClientOptions } from './client-options.js';
export { encryptConfig, padConfig } from './config/config-cipher.js';
export { joinParts, openConfig } from './config/config-content.js';
export type { ConfigContent, ConfigPart } from './config/config-content.js';
export type { ConfigDict } from './config/config-dict.js';
export { CONFIG_KINDS } from './config/config-kind.js';
export type { ConfigKind } from './config/config-kind.js';
export { mergeConfigs } from './config/config-merge.js';
export type { MergedConfig, MergeOptions } from './config/config-merge.js';
export { emptyConfig, nextConfig, parseConfig, signerOf } from './config/config-message.js';
export type { ConfigMessage, ConfigSigner, ConfigStep } from './config/config-message.js';
export { unwrapConfig, wrapConfig } from './config/config-wrapper.js';
export { ClientError } from './errors.js';
export { ContentSchema } from './generated/session_pb.js';
export type { Content, DataMessage } from './generated/session_pb.js';
export { groupKeyForAdmin, groupKeyForMember, parseGroupKeys } from './groups/group-keys.js';
export type { GroupKeysMessage } from './groups/group-keys.js';
export { openGroupMessage, sealGroupMessage } from './groups/group-message.js';
export type { GroupMessage } from './groups/group-message.js';
export { openSubaccount } from './groups/subaccount.js';
export type { Subaccount } from './groups/subaccount.js';
export type { AcceptanceHooks } from './messages/acceptance.js';
export { syncCopyOf, textContent } from './messages/compose.js';
export type { ContentInit } from './messages/compose.js';
export type { ContentMember } from './messages/content-member.js';
export { decodeMessage } from './messages/decode-message.js';
export type { DecodedMessage, DecodeOptions, DroppedMessage } from './messages/decode-message.js';
export { DROP_REASONS } from './messages/drop-reason.js';
export type { DropReason } from './messages/drop-reason.js';
export {
  EmptyMessage,
  encodeMessage,
  InvalidRecipient,
  MAX_STORED_BYTES,
  MessageTooLong,
} from './messages/encode-message.js';
export type { EncodedMessage, EncodeRequest } from './messages/encode-message.js';
export type { LocalClock } from './network/clock.js';
export type { HttpPost, HttpPostReply, HttpPostRequest } from './network/http.js';
export type { StoreReceipt } from './network/message-store.js';
export {
  ClockOutOfSync,
  DestinationFailed,
  NetworkTooSmall,
  NoPathWorked,
  NotStored,
  PollFailed,
  RequestRefused,
  SeedAnswerInvalid,
  SeedNotTrusted,
  SeedUnreachable,
  SubnetsTooFew,
  SwarmUnknown,
} from './network/network-errors.js';
export { MemoryPollStateStore } from './network/poll-state.js';
export type { Cursor, PollState, PollStateStore } from './network/poll-state.js';
export type { PollResult, ReceivedMessage } from './network/poller.js';
export { nameOf } from './network/service-node.js';
export type { NodeName, ServiceNode } from './network/service-node.js';
export type { Swarm } from './network/swarms.js';
export type { MemberAnswer, TraceEvent, TraceObserver } from './network/trace.js';
export { StreamConnection } from './stream/stream-connection.js';
export type { StreamOptions } from './stream/stream-connection.js';
export { CommandRefused, StreamEnded, StreamTimeout, SubscriptionRefused } from './stream/stream-errors.js';
export type { Notification } from '#protocol';
export type { StreamReply } from './stream/stream-reply.js';
export { subscribe } from './stream/subscribe.js';
export type { SubscribeOptions } from './stream/subscribe.js';
export type { OpenWebSocket, WebSocketClose, WebSocketLike } from './stream/web-socket.js';
