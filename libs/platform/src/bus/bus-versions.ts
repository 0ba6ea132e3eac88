import type { WatchedVersions } from '../version-watch.js';

/** Services of this node that are of another release: there are some while it is upgraded. */
export const BUS_VERSIONS: WatchedVersions = {
  metric: 'bus_other_version_messages_total',
  help: 'Messages of services of another contract version, by how it stands to ours; refused: two or more away',
  event: 'other_contract_version',
  reasons: {
    older: {
      used: 'a service of this node speaks an older version of the contract; it is worked with',
      refused: 'a service of this node speaks a version of the contract that is too old; upgrade it',
    },
    newer: {
      used: 'a service of this node speaks a newer version of the contract; it is worked with',
      refused: 'a service of this node speaks a version of the contract that is too new; upgrade this one',
    },
  },
};
