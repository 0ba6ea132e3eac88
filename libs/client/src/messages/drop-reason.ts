/** Why a stored message is not shown: docs/protocol/client-messages.md §10. None of them ever stops a batch. */
export const DROP_REASONS = {
  parse_fails: 'not base64, not a wrapper or not an envelope',
  not_a_request: 'the wrapper is not a request',
  no_body: 'the wrapper has no body',
  too_short: 'the sealed box is shorter than its own overhead',
  seal_open_fails: 'not for this account, or changed on the way',
  signature_fails: 'the sender is not proven',
  bad_padding: 'nothing but zeros inside',
  empty_content: 'nothing inside',
  content_parse_fails: 'the content cannot be read',
  dropped_timestamp_mismatch: 'the signed time is not the time of the envelope',
  dropped_blocked: 'the sender is blocked',
  dropped_deleted: 'the conversation was deleted on another device',
  dropped_unknown_flags: 'the message has flags nobody knows',
  dropped_too_many_attachments: 'the message has more than 32 attachments',
  dropped_sync_not_from_self: 'a copy for own devices that somebody else sent',
  dropped_author_mismatch: 'a request to unsend what somebody else wrote',
  ignored: 'nothing in it that a reader acts on',
} as const;

export type DropReason = keyof typeof DROP_REASONS;
