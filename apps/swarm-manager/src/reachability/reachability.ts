import { randomInt } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG } from '#platform';
import { NodeKey, type NodeRecord } from '#protocol';
import { Membership } from '../membership/membership.js';
import type { SwarmManagerConfig } from '../swarm-manager.config.js';
import { SwarmManagerMetrics } from '../swarm-manager.metrics.js';
import { PeerProbe } from './peer-probe.js';

/** Not yet reported by a proof of its own: there is nothing to test. */
const UNKNOWN_ADDRESS = '0.0.0.0';

/** Tests the listed nodes one after the other in random order, for ever. The results stay in this process. */
@Injectable()
export class Reachability implements OnApplicationBootstrap, OnModuleDestroy {
  /** By node: whether the last test reached it. */
  readonly #reached = new Map<string, boolean>();
  #queue: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(
    @Inject(Membership) private readonly membership: Membership,
    @Inject(PeerProbe) private readonly probe: PeerProbe,
    @Inject(NodeKey) private readonly self: NodeKey,
    @Inject(CONFIG) private readonly config: SwarmManagerConfig,
    @Inject(SwarmManagerMetrics) private readonly metrics: SwarmManagerMetrics,
  ) {}

  onApplicationBootstrap(): void {
    this.#schedule();
  }

  onModuleDestroy(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** How many of the listed nodes the last tests reached, and did not. */
  get counts(): { reachable: number; unreachable: number } {
    const reachable = [...this.#reached.values()].filter(Boolean).length;
    return { reachable, unreachable: this.#reached.size - reachable };
  }

  #schedule(): void {
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.#testNext(), this.#waitMs());
  }

  /** Spread around the mean, so that nodes that started together do not test in step. */
  #waitMs(): number {
    const mean = this.config.SWARM_MANAGER_PING_INTERVAL_MS;
    return randomInt(Math.floor(mean / 2), Math.ceil((mean * 3) / 2));
  }

  async #testNext(): Promise<void> {
    const node = this.#pick();
    if (node !== undefined) {
      const isReachable = await this.probe.reaches(node);
      this.#reached.set(node.ed25519, isReachable);
      this.metrics.tested(isReachable, this.counts);
    }
    this.#schedule();
  }

  /** The next node of a shuffled round; those that left the list are forgotten. */
  #pick(): NodeRecord | undefined {
    const view = this.membership.current?.view;
    if (view === undefined) return undefined;
    if (this.#queue.length === 0) {
      const others = view.snapshot.nodes.filter(
        ({ ed25519, ip }) => ed25519 !== this.self.id && ip !== UNKNOWN_ADDRESS,
      );
      this.#queue = shuffled(others.map(({ ed25519 }) => ed25519));
      for (const key of this.#reached.keys()) if (view.node(key) === undefined) this.#reached.delete(key);
    }
    const next = this.#queue.pop();
    return next === undefined ? undefined : view.node(next);
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  const shuffle = [...items];
  for (let last = shuffle.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    const [a, b] = [shuffle[last], shuffle[other]] as [T, T];
    shuffle[last] = b;
    shuffle[other] = a;
  }
  return shuffle;
}
