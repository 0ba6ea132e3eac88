import { SUBJECTS, decodeSnapshot, skewIn } from '#contracts';
import { RetainedFeed, type Bus, type Log, type VersionWatch } from '#platform';
import { NetworkView } from '#protocol';

/** Who is in the network, as swarm-manager last said; stays while it is silent. */
export class NetworkFeed extends RetainedFeed<NetworkView> {
  constructor(bus: Bus, log: Log, versions: VersionWatch) {
    super(bus, {
      subject: SUBJECTS.membershipSnapshot,
      currentSubject: SUBJECTS.membershipCurrent,
      decode: (bytes) => new NetworkView(decodeSnapshot(bytes, versions.met)),
      explain: skewIn,
      log,
    });
  }
}
