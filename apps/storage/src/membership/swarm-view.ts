import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Bus, Log, Readiness, RetainedFeed } from '#platform';
import { NetworkView, NodeKey, WrongSwarm, type AccountId, type NodeRecord, type Swarm } from '#protocol';
import { decodeSnapshot, skewIn, SUBJECTS } from '#contracts';
import { StorageMetrics } from '../storage.metrics.js';
import { swarmBody } from './swarm-body.js';

/** Before any snapshot came: the pair that every client accepts. */
const UNKNOWN_HARDFORK = [19, 4] as const;
/** Other storages have the calls meanwhile. Without a swarm-manager the relay lets none through. */
const FIRST_SNAPSHOT_MS = 2_000;
const WAITING = 'no membership yet; is the swarm-manager running?';

/** Who is in the network and which swarm this node belongs to, by the newest snapshot. */
@Injectable()
export class SwarmView implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #feed: RetainedFeed<NetworkView>;

  constructor(
    @Inject(Bus) bus: Bus,
    @Inject(Log) log: Log,
    @Inject(NodeKey) private readonly self: NodeKey,
    @Inject(Readiness) readiness: Readiness,
    @Inject(StorageMetrics) metrics: StorageMetrics,
  ) {
    readiness.set('membership', WAITING);
    this.#feed = new RetainedFeed(bus, {
      subject: SUBJECTS.membershipSnapshot,
      currentSubject: SUBJECTS.membershipCurrent,
      decode: (bytes) => new NetworkView(decodeSnapshot(bytes)),
      explain: skewIn,
      log,
    });
    this.#feed.onChange((network) => {
      readiness.set('membership', null);
      metrics.swarmOf(network.swarmOf(self.id)?.members.length ?? 0);
    });
  }

  /** Calls come in afterwards: one that knew of no network would be told that its account belongs nowhere. */
  async onApplicationBootstrap(): Promise<void> {
    this.#feed.start();
    await this.#feed.first(FIRST_SNAPSHOT_MS);
  }

  onModuleDestroy(): void {
    this.#feed.stop();
  }

  get network(): NetworkView | undefined {
    return this.#feed.current;
  }

  get hardfork(): readonly [number, number] {
    return this.network?.snapshot.hardfork ?? UNKNOWN_HARDFORK;
  }

  swarmFor(account: AccountId): Swarm | undefined {
    return this.network?.swarmFor(account);
  }

  /** Our swarm, if the account's messages belong there. Throws WrongSwarm with the members that have them. */
  requireOwn(account: AccountId, nowMs: number): Swarm {
    const swarm = this.swarmFor(account);
    if (swarm !== undefined && swarm.id === this.network?.swarmOf(this.self.id)?.id) return swarm;
    throw new WrongSwarm(swarmBody(swarm, this.hardfork, nowMs));
  }

  /** The members of a swarm besides ourselves. */
  peersIn(swarm: Swarm): readonly NodeRecord[] {
    return swarm.members.filter(({ ed25519 }) => ed25519 !== this.self.id);
  }
}
