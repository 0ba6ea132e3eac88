import { CONTRACT_VERSION, SUBJECTS, decodeSnapshot, skewIn } from '#contracts';
import { RetainedFeed, type Bus, type Log, type VersionWatch } from '#platform';
import { NetworkView } from '#protocol';

/** Who is in the network, as swarm-manager last said; stays while it is silent. */
export class NetworkFeed extends RetainedFeed<NetworkView> {
  constructor(bus: Bus, log: Log, versions: VersionWatch) {
    const met = (version: number): void => versions.met(version, CONTRACT_VERSION);
    super(bus, {
      subject: SUBJECTS.membershipSnapshot,
      currentSubject: SUBJECTS.membershipCurrent,
      decode: (bytes) => new NetworkView(decodeSnapshot(bytes, met)),
      explain: skewIn,
      log,
    });
  }
}
