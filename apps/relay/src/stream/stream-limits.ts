/** How many and how long: every limit of streams in one place. Tests shorten them; operators do not set them. */
export interface StreamLimits {
  /** Connections of this process: each costs some 60 kB, and the public port has room for four times as many. */
  readonly connections: number;
  /** Requests of one connection that are not answered yet; a client that sends more does not wait for answers. */
  readonly unanswered: number;
  /** From the first byte of a message to its last: as for the body of a request on the public port. */
  readonly messageMs: number;
  /** Silence after which a connection is pinged; routers forget idle connections after a minute or more. */
  readonly pingMs: number;
  /** Silence after which a connection is dead: two pings had no answer. */
  readonly silenceMs: number;
  /** Without a request or a subscription for so long, a connection is of no use to anybody. */
  readonly idleMs: number;
  /** How often connections are looked over. */
  readonly checkMs: number;
  /** Bytes that wait for one client to read them: two full pages of messages. */
  readonly waitingBytes: number;
  /** The same for all together; beyond it nobody may let more than `fairBytes` wait, and no requests are taken. */
  readonly allWaitingBytes: number;
  /** What a client that reads all the time has waiting now and then. */
  readonly fairBytes: number;
  /** Subscriptions of one connection: the accounts of one swarm that a server for push notifications has. */
  readonly subscriptions: number;
  /** Subscriptions of this process: each costs some 400 bytes. */
  readonly allSubscriptions: number;
  /** How long a subscription lasts. docs/protocol/storage-rpc.md §10.1 */
  readonly subscriptionMs: number;
  /** For the bus to confirm that we listen; without it a client is told that it has its subscription all the same. */
  readonly listenMs: number;
}

export const STREAM_LIMITS = Symbol('StreamLimits');

export const streamLimits: StreamLimits = {
  connections: 4_000,
  unanswered: 64,
  messageMs: 30_000,
  pingMs: 30_000,
  silenceMs: 75_000,
  idleMs: 600_000,
  checkMs: 5_000,
  waitingBytes: 16 * 1024 * 1024,
  allWaitingBytes: 128 * 1024 * 1024,
  fairBytes: 64 * 1024,
  subscriptions: 50_000,
  allSubscriptions: 200_000,
  subscriptionMs: 65 * 60_000,
  listenMs: 2_000,
};

/** Largest message in either direction. docs/protocol/stream.md §1.3 */
export const MAX_MESSAGE_BYTES = 10 * 1024 * 1024;
