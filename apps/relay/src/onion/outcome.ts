/** What a layer's time was spent on: the kinds of work, and whatever ended before any. */
export const ONION_KINDS = ['final', 'relay_node', 'relay_server', 'refused'] as const;
export type OnionKind = (typeof ONION_KINDS)[number];

/** What became of a layer, and the kind of work it was. Values of metric labels. docs/protocol/onion.md §11 */
const KIND_OF = {
  final: 'final',
  storage_unavailable: 'final',
  relay_node: 'relay_node',
  unreachable: 'relay_node',
  timeout: 'relay_node',
  bad_reply: 'relay_node',
  relay_server: 'relay_server',
  server_failed: 'relay_server',
  server_timeout: 'relay_server',
  parse_error: 'refused',
  path_too_long: 'refused',
  invalid_ciphertext: 'refused',
  replayed: 'refused',
  invalid_json: 'refused',
  invalid_url: 'refused',
  not_found: 'refused',
  not_ready: 'refused',
  busy: 'refused',
} as const satisfies Record<string, OnionKind>;

export type OnionOutcome = keyof typeof KIND_OF;

export const ONION_OUTCOMES = Object.keys(KIND_OF) as readonly OnionOutcome[];

export function kindOf(outcome: OnionOutcome): OnionKind {
  return KIND_OF[outcome];
}
