import type { Primitives, RandomBytes } from '#protocol';
import type { LocalClock } from './network/clock.js';
import type { HttpPost } from './network/http.js';
import type { PollStateStore } from './network/poll-state.js';
import type { TraceObserver } from './network/trace.js';

export interface ClientOptions {
  /** Where the list of nodes comes from, with or without `/json_rpc`. */
  readonly seedUrl: string;
  /** SHA-256 fingerprint of the certificate of a self-signed https seed, hex with or without colons. */
  readonly seedCertificateSha256?: string;
  readonly random: RandomBytes;
  readonly clock: LocalClock;
  /** Default: the portable ones, which are correct and slow. */
  readonly primitives?: Primitives;
  /** True for a private network on one machine: nodes of one /24 may share a path. */
  readonly singleHost?: boolean;
  /** Ed25519 keys of the guards of an earlier run, see `Client.guards`. */
  readonly guards?: readonly string[];
  /** What polls remember. Default: forgotten when the process ends. */
  readonly pollStates?: PollStateStore;
  readonly onTrace?: TraceObserver;
  /** How requests travel. Default: undici. */
  readonly post?: HttpPost;
  /** Waits so many milliseconds. Default: a timer. */
  readonly pause?: (ms: number) => Promise<void>;
}
