import { noblePrimitives } from '#protocol';
import type { ClientOptions } from './client-options.js';
import { NetworkClock } from './network/clock.js';
import type { HttpPost } from './network/http.js';
import { Mailbox } from './network/mailbox.js';
import { MessageStore } from './network/message-store.js';
import { NodePool } from './network/node-pool.js';
import { NodeRpc } from './network/node-rpc.js';
import { NodeSource } from './network/node-source.js';
import { OnionNetwork } from './network/onion-network.js';
import { Paths } from './network/paths.js';
import { MemoryPollStateStore } from './network/poll-state.js';
import { Poller } from './network/poller.js';
import { fetchSeedNodes } from './network/seed.js';
import { Swarms } from './network/swarms.js';

/** The parts of a client, put together. */
export interface ClientParts {
  readonly clock: NetworkClock;
  readonly pool: NodePool;
  readonly source: NodeSource;
  readonly paths: Paths;
  readonly rpc: NodeRpc;
  readonly swarms: Swarms;
  readonly store: MessageStore;
  readonly poller: Poller;
}

/** Nothing is sent yet: the pool is empty until `source.fromSeed()`. */
export function assembleClient(options: ClientOptions, post: HttpPost): ClientParts {
  const { random, primitives = noblePrimitives, onTrace: trace = ignore, pause = pauseByTimer } = options;
  const monotonicMs = (): number => options.clock.monotonicMs();
  const clock = new NetworkClock(options.clock);
  const pool = new NodePool(monotonicMs);

  const { seedUrl: url, seedCertificateSha256 } = options;
  const certificate = seedCertificateSha256 === undefined ? {} : { certificateSha256: seedCertificateSha256 };
  const askSeed = () => fetchSeedNodes({ url, ...certificate, post, pause });
  const source = new NodeSource(pool, { random, monotonicMs, trace, askSeed });

  const { singleHost = false, guards = [] } = options;
  const paths = new Paths(pool, { random, monotonicMs, trace, singleHost, guards });
  const rescue = () => source.rescue();
  const network = new OnionNetwork(pool, paths, { primitives, random, monotonicMs, post, trace, rescue });
  const rpc = new NodeRpc(network, pool, clock);
  const swarms = new Swarms(rpc, pool, { random, monotonicMs, trace });
  const store = new MessageStore(rpc, swarms, pool, clock, { primitives, monotonicMs, trace });
  const mailbox = new Mailbox(rpc, clock, { primitives, monotonicMs, trace });
  const states = options.pollStates ?? new MemoryPollStateStore();
  const poller = new Poller(rpc, swarms, mailbox, clock, { primitives, monotonicMs, states });
  return { clock, pool, source, paths, rpc, swarms, store, poller };
}

function ignore(): void {
  // nobody watches
}

function pauseByTimer(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
