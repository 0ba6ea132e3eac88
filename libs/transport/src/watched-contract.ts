import type { Registry } from 'prom-client';
import { VersionWatch, type Log, type WatchedVersions } from '#platform';
import { PEER_CONTRACT_VERSION, PeerContract } from './peer-contract.js';

/** docs/protocol/peer.md §9.4 */
const PEER_VERSIONS: WatchedVersions = {
  metric: 'peer_other_version_messages_total',
  help: 'Requests and answers of nodes of another peer contract version, by how it stands to ours; refused: two or more away',
  event: 'other_peer_version',
  reasons: {
    older: {
      used: 'other nodes speak an older version of the peer contract; they are worked with',
      refused: 'other nodes speak a version of the peer contract that is too old; they have to be upgraded',
    },
    newer: {
      used: 'other nodes speak a newer version of the peer contract; they are worked with',
      refused: 'other nodes speak a version of the peer contract that is too new; upgrade this node',
    },
  },
};

/** A contract whose other versions are counted and named. `version`: this release's; tests speak others. */
export function watchedContract(log: Log, registry: Registry, version = PEER_CONTRACT_VERSION): PeerContract {
  return new PeerContract(new VersionWatch(log, registry, PEER_VERSIONS).met, version);
}
