import { Content_ExpirationType } from '../generated/session_pb.js';
import type { Content } from '../generated/session_pb.js';
import { memberOf } from './content-member.js';

/** docs/protocol/client-messages.md §2.7: how long nodes keep what. */
const DAY_MS = 86_400_000;
const MESSAGE_TTL_MS = 14 * DAY_MS;
const TYPING_TTL_MS = 20_000;
const CALL_TTL_MS = 300_000;
/** Nodes refuse less: docs/protocol/storage-rpc.md §6. */
const MIN_TTL_MS = 10_000;

/** Milliseconds for `store`. Only messages and notices about them disappear; signals keep their own times. */
export function ttlOf(content: Content): number {
  switch (memberOf(content)?.kind) {
    case 'typingMessage':
      return TYPING_TTL_MS;
    case 'callMessage':
      return CALL_TTL_MS;
    case 'dataMessage':
    case 'dataExtractionNotification':
      return expiresAtNode(content) ? timerMs(content) : MESSAGE_TTL_MS;
    case 'receiptMessage':
    case 'unsendRequest':
    case 'messageRequestResponse':
    case undefined:
      return MESSAGE_TTL_MS;
  }
}

/** After-send timers run from the store; after-read ones run at the reader, except in our copy, read when sent. */
function expiresAtNode(content: Content): boolean {
  if (content.expirationTimer === 0) return false;
  if (content.expirationType === Content_ExpirationType.DELETE_AFTER_SEND) return true;
  const isSyncCopy = Boolean(content.dataMessage?.syncTarget);
  return isSyncCopy && content.expirationType === Content_ExpirationType.DELETE_AFTER_READ;
}

function timerMs(content: Content): number {
  return Math.min(Math.max(content.expirationTimer * 1000, MIN_TTL_MS), MESSAGE_TTL_MS);
}
