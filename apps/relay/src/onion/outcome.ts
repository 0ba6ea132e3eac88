/** What became of a layer; the values of a metric label. docs/protocol/onion.md §11 */
export const ONION_OUTCOMES = [
  'final',
  'relay_node',
  'relay_server',
  'parse_error',
  'path_too_long',
  'invalid_ciphertext',
  'invalid_json',
  'invalid_url',
  'not_found',
  'unreachable',
  'timeout',
  'bad_reply',
  'server_failed',
  'server_timeout',
  'not_ready',
  'storage_unavailable',
  'busy',
] as const;

export type OnionOutcome = (typeof ONION_OUTCOMES)[number];
