/** Words of the message dialect and of what is answered before storage is asked. docs/protocol/stream.md §3 and §4 */
export const STREAM_TEXTS = {
  reply: 'REPLY',
  hello: 'HELLO',
  unknownCommand: 'UNKNOWNCOMMAND',
  forbidden: 'FORBIDDEN_SN',
  noReplyTag: 'NO_REPLY_TAG',
  notify: 'notify.message',
  wrongParts: (received: number) => `Invalid request: expected 1 message parts, received ${received}`,
  tooManyRequests: 'Too many requests, try again later',
} as const;
