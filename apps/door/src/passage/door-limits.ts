import type { PortName } from '../door.metrics.js';

/** How long and how much: every limit of the door in one place. Tests shorten them; operators do not set them. */
export interface DoorLimits {
  /** As many as one relay takes on that port: where there are several, each has room for its share and for bursts. */
  readonly connections: Readonly<Record<PortName, number>>;
  /** Of one source on one port, as a relay has it: many people may share an address, but not all of a port. */
  readonly ofSource: number;
  /** Relays are on this machine or beside it, where a connection takes a millisecond. */
  readonly connectMs: number;
  /** For all tries together: after this a client has given up, or is about to. */
  readonly openMs: number;
  /** A relay that goes away takes no longer to break a connection off; one that closes later does so on purpose. */
  readonly retryMs: number;
  /** What a client says before the relay does is one message of a handshake; the largest are a few KiB. */
  readonly keptBytes: number;
  /** The same of all clients of a port. Who comes when it is full is served as well, by one relay. */
  readonly keptInAllBytes: number;
  /** Longer than a relay keeps any silent connection, which closes it in order. Finds relays that are gone. */
  readonly silenceMs: number;
  /** The same once one side has ended: nobody here says more than a good-bye after that. */
  readonly goodbyeMs: number;
}

export const doorLimits: DoorLimits = {
  connections: { https: 16_000, peer: 10_000 },
  ofSource: 2_000,
  connectMs: 1_000,
  openMs: 5_000,
  retryMs: 1_000,
  keptBytes: 16 * 1024,
  keptInAllBytes: 16 * 1024 * 1024,
  silenceMs: 120_000,
  goodbyeMs: 10_000,
};
