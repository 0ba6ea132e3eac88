import { SUBJECTS, decodeSnapshot } from '#contracts';
import { RetainedFeed, type Bus, type Log } from '#platform';
import { NetworkView } from '#protocol';

/** Who is in the network, as swarm-manager last said; stays while it is silent. */
export class NetworkFeed extends RetainedFeed<NetworkView> {
  constructor(bus: Bus, log: Log) {
    super(bus, {
      subject: SUBJECTS.membershipSnapshot,
      currentSubject: SUBJECTS.membershipCurrent,
      decode: (bytes) => new NetworkView(decodeSnapshot(bytes)),
      log,
    });
  }
}
