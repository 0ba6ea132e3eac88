import type { Intended } from './compare.js';

/** The one difference that is the test's own and no decision. */
export const OF_THE_TEST = 'test network';

/** Differences from the recording that we mean; the ids are those of docs/protocol/storage-rpc.md, "Decisions". */
export const INTENDED: readonly Intended[] = [
  {
    id: 'legacy key',
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
    id: OF_THE_TEST,
    why: 'other ports: the recorded ones may be taken on the machine that runs this',
    matches: (pattern) => /(^|\.)snodes\[\]\.(port|port_https|port_omq|port_quic)$/.test(pattern),
  },
];

/** An exchange that we answer otherwise as a whole. */
export interface AnsweredOtherwise {
  readonly id: string;
  readonly why: string;
}

const QUIRKS = { broken: 'broken HTTP', outbox: 'outbox', server: '`Server` header' } as const;

export const ANSWERED_OTHERWISE: Readonly<Record<string, AnsweredOtherwise>> = {
  'http.bad_content_length': { id: QUIRKS.broken, why: 'the recorded text is the page of an HTTP library' },
  'http.garbage': { id: QUIRKS.broken, why: 'the recorded text is the page of an HTTP library' },
  'http.pipelined': { id: QUIRKS.broken, why: 'both are answered in order; the reference closes the connection' },
  'retr.max_count_-1': { id: 'Q-11', why: 'a negative count is no count' },
  'delbef.all': { id: 'Q-12', why: 'it deletes and says so, where the reference fails after having deleted' },
  'outbox.replace_only': { id: QUIRKS.outbox, why: "the account's only message is replaced" },
  'outbox.after_replace_only': { id: QUIRKS.outbox, why: 'so the new message is there' },
  'outbox.same_again': { id: QUIRKS.outbox, why: 'so the old message is new again' },
  'onion.server_one_hop': { id: QUIRKS.server, why: 'ours stays, also when an outside server answered' },
};
