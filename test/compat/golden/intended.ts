import type { Intended } from './compare.js';

/** Differences from the recording that we mean; the letters are those of docs/protocol/storage-rpc.md, "Decisions". */
export const INTENDED: readonly Intended[] = [
  {
    id: 'legacy-key',
    why: 'in our networks the legacy key equals the Ed25519 key, and the .snode address is made of it',
    matches: (pattern) => /(^|\.)snodes\[\]\.(pubkey_legacy|address)$/.test(pattern),
  },
  {
    id: 'Q-09',
    why: 'what members report are real booleans; through bencode the reference shows them as 1',
    matches: (_pattern, recorded, ours) => recorded === 1 && ours === true,
  },
  {
    id: 'Q-13',
    why: 'a revocation says how many tokens it revoked, as it is documented',
    matches: (pattern, recorded, ours) =>
      /(^|\.)swarm\.\*\.count$/.test(pattern) && recorded === undefined && typeof ours === 'number',
  },
  {
    id: 'test-network',
    why: 'other ports: the recorded ones may be taken on the machine that runs this',
    matches: (pattern) => /(^|\.)snodes\[\]\.(port|port_https|port_omq|port_quic)$/.test(pattern),
  },
];

/** Exchanges that we answer otherwise as a whole, and why. */
export const ANSWERED_OTHERWISE: Readonly<Record<string, string>> = {
  'http.bad_content_length': 'same status; the text is ours, the recorded one is the page of an HTTP library',
  'http.garbage': 'same status; the text is ours, the recorded one is the page of an HTTP library',
  'http.pipelined': 'both requests are answered in order, where the reference closes the connection',
  'retr.max_count_-1': 'Q-11: a negative count is no count',
  'delbef.all': 'Q-12: over all namespaces it deletes and says so, where the reference fails after having deleted',
  'outbox.replace_only': "the account's only message is replaced, where the reference fails on every member",
  'outbox.after_replace_only': 'so the new message is there, where the reference has the old one',
  'outbox.same_again': 'so the old message is new again',
  'onion.server_one_hop': 'our Server header stays ours, also when an outside server answered',
};
