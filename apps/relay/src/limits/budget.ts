/** How long and how much: every limit of the relay in one place. Tests shorten them; operators do not set them. */
export interface RelayLimits {
  /** What the entry grants a request; clients give up after 10 s. */
  readonly entryMs: number;
  /** What a large body may take in addition, in bytes a millisecond: on every hop it has to be sent again. docs/protocol/onion.md §6.6 */
  readonly entryBytesPerMs: number;
  /** Upper bound of what we take from another node, the network's own time-out of a hop. docs/protocol/onion.md §6.6 */
  readonly hopMs: number;
  /** Upper bound of a call to an outside server. docs/protocol/onion.md §6.6 */
  readonly outsideMs: number;
  /** What a hop keeps for itself of the time it was given, so that its own answer still arrives in time. */
  readonly marginMs: number;
  /** A handshake is a few packets: whoever takes longer is broken or means harm. docs/protocol/onion.md §5.1 */
  readonly handshakeMs: number;
  /** Connections of the public port, in this process; fewer where there is no memory for them (`connections.ts`). */
  readonly connections: number;
  /** Requests worked on at once, in this process; the reference queues 1,000. */
  readonly requests: number;
  /** Bytes of bodies held at once, in this process: 25 of the largest, or 100,000 of the usual 2 KiB. */
  readonly bodyBytes: number;
  /** Calls to outside servers at once: the only way a stranger makes us open connections. */
  readonly outsideCalls: number;
  /** Connections to outside servers from which on new ones are not kept for another call; those in use are among them. */
  readonly outsideKept: number;
  /** How long one is kept, whatever its server asks for: clients that upload or poll come again within seconds. */
  readonly outsideIdleMs: number;
}

export const RELAY_LIMITS = Symbol('RelayLimits');

export const relayLimits: RelayLimits = {
  entryMs: 9_000,
  entryBytesPerMs: 500,
  hopMs: 30_000,
  outsideMs: 25_000,
  marginMs: 250,
  handshakeMs: 10_000,
  connections: 16_000, // so many that 10,000 idle ones keep nobody out
  requests: 1_000,
  bodyBytes: 256 * 1024 * 1024,
  outsideCalls: 200,
  outsideKept: 500,
  outsideIdleMs: 10_000,
};

/** Largest body of a request or reply, on every route. docs/protocol/onion.md §3.4 */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * Milliseconds that may be given to the next in line of a request that must be answered at `deadline`; zero or less
 * when there is no time left to ask anybody. Both times are monotonic.
 */
export function passOn(deadline: number, now: number, marginMs: number): number {
  return Math.floor(deadline - now - marginMs);
}
