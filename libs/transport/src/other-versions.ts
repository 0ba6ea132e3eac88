import { Counter, type Registry } from 'prom-client';
import type { Log } from '#platform';
import { PEER_CONTRACT_VERSION, PeerContract, type OtherVersion } from './peer-contract.js';

const RELATIONS = ['older', 'newer'] as const;
const OUTCOMES = ['used', 'refused'] as const;

/**
 * Versions that get a line in the log. A network has two or three at the same time; with more somebody is playing, and
 * what comes then is only counted.
 */
const MAX_NAMED = 16;

/** What an operator is told, once for each version. */
const REASONS = {
  older: {
    used: 'other nodes speak an older version of the peer contract; they are worked with',
    refused: 'other nodes speak a version of the peer contract that is too old; they have to be upgraded',
  },
  newer: {
    used: 'other nodes speak a newer version of the peer contract; they are worked with',
    refused: 'other nodes speak a version of the peer contract that is too new; upgrade this node',
  },
} as const;

/** Other versions that are met are counted, and each is named once in the log. `version`: this release's; tests speak others. */
export function watchedContract(log: Log, registry: Registry, version = PEER_CONTRACT_VERSION): PeerContract {
  const messages = new Counter({
    name: 'peer_other_version_messages_total',
    help: 'Requests and answers of nodes of another peer contract version, by how it stands to ours and what became of them',
    labelNames: ['relation', 'outcome'],
    registers: [registry],
  });
  for (const relation of RELATIONS) for (const outcome of OUTCOMES) messages.inc({ relation, outcome }, 0);
  const named = new Set<number | null>();
  const met = ({ version: other, relation, outcome }: OtherVersion): void => {
    messages.inc({ relation, outcome });
    if (named.has(other) || named.size >= MAX_NAMED) return;
    named.add(other);
    const fields = { version: other === null ? 'unknown' : String(other), reason: REASONS[relation][outcome] };
    if (outcome === 'used') log.info('other_peer_version', fields);
    else log.warn('other_peer_version', fields);
  };
  return new PeerContract(met, version);
}
