import type {
  CallMessage,
  Content,
  DataExtractionNotification,
  DataMessage,
  MessageRequestResponse,
  ReceiptMessage,
  TypingMessage,
  UnsendRequest,
} from '../generated/session_pb.js';

/** The one part of a content that counts. */
export type ContentMember =
  | { readonly kind: 'dataMessage'; readonly value: DataMessage }
  | { readonly kind: 'receiptMessage'; readonly value: ReceiptMessage }
  | { readonly kind: 'typingMessage'; readonly value: TypingMessage }
  | { readonly kind: 'dataExtractionNotification'; readonly value: DataExtractionNotification }
  | { readonly kind: 'unsendRequest'; readonly value: UnsendRequest }
  | { readonly kind: 'callMessage'; readonly value: CallMessage }
  | { readonly kind: 'messageRequestResponse'; readonly value: MessageRequestResponse };

/** The first that is set, in the order of docs/protocol/client-messages.md §2.2; null when there is none. */
export function memberOf(content: Content): ContentMember | null {
  if (content.dataMessage) return { kind: 'dataMessage', value: content.dataMessage };
  if (content.receiptMessage) return { kind: 'receiptMessage', value: content.receiptMessage };
  if (content.typingMessage) return { kind: 'typingMessage', value: content.typingMessage };
  if (content.dataExtractionNotification) {
    return { kind: 'dataExtractionNotification', value: content.dataExtractionNotification };
  }
  if (content.unsendRequest) return { kind: 'unsendRequest', value: content.unsendRequest };
  if (content.callMessage) return { kind: 'callMessage', value: content.callMessage };
  if (content.messageRequestResponse) {
    return { kind: 'messageRequestResponse', value: content.messageRequestResponse };
  }
  return null;
}
