import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock, CONFIG, faultFields, Log } from '#platform';
import { NodeKey, type NodeRecord } from '#protocol';
import { Membership } from '../membership/membership.js';
import type { SwarmManagerConfig } from '../swarm-manager.config.js';
import { SwarmManagerMetrics } from '../swarm-manager.metrics.js';
import { PeerProbe, type ProbeResult } from './peer-probe.js';
import { systemRandom } from './random-time.js';
import { TestSchedule } from './test-schedule.js';

/** Not yet reported by a proof of its own: there is nothing to test. */
const UNKNOWN_ADDRESS = '0.0.0.0';
/** Fine against the seconds between tests. docs/protocol/membership.md §5.3 */
const LOOK_EVERY_MS = 200;

/** Our last test of a node. */
export interface NodeTest extends ProbeResult {
  /** Monotonic. */
  readonly atMs: number;
  /** As it was listed then. */
  readonly node: NodeRecord;
}

/** Tests the listed nodes as `TestSchedule` says, for ever. The results stay in this process. docs/protocol/membership.md §5 */
@Injectable()
export class Reachability implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #tests = new Map<string, NodeTest>();
  readonly #schedule: TestSchedule;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(Membership) private readonly membership: Membership,
    @Inject(PeerProbe) private readonly probe: PeerProbe,
    @Inject(NodeKey) private readonly self: NodeKey,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(CONFIG) config: SwarmManagerConfig,
    @Inject(SwarmManagerMetrics) private readonly metrics: SwarmManagerMetrics,
    @Inject(Log) private readonly log: Log,
  ) {
    this.#schedule = new TestSchedule(config.SWARM_MANAGER_PING_INTERVAL_MS, systemRandom, clock.monotonicMs());
    membership.onChange(({ view }) => {
      const others = view.snapshot.nodes.filter(({ ed25519, ip }) => ed25519 !== self.id && ip !== UNKNOWN_ADDRESS);
      // A node without a place in the network is answered on nobody's peer port: its tests would say nothing.
      const isActive = view.node(self.id)?.state === 'active';
      this.#schedule.use(isActive ? others.map(({ ed25519 }) => ed25519) : []);
      for (const node of this.#tests.keys()) if (view.node(node) === undefined) this.#tests.delete(node);
    });
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** How many of the listed nodes the last tests reached on both surfaces, and did not. */
  get counts(): { reachable: number; unreachable: number } {
    const reachable = [...this.#tests.values()].filter(isReached).length;
    return { reachable, unreachable: this.#tests.size - reachable };
  }

  /** The last test of a node; undefined before the first. */
  lastTest(node: string): NodeTest | undefined {
    return this.#tests.get(node);
  }

  /** Wants a test of this node soon. */
  order(node: string): void {
    this.#schedule.order(node);
  }

  #look(): void {
    for (const id of this.#schedule.due(this.clock.monotonicMs())) {
      const node = this.membership.current?.view.node(id);
      if (node === undefined) this.#schedule.settled(id, false, this.clock.monotonicMs());
      else void this.#test(node);
    }
  }

  async #test(node: NodeRecord): Promise<void> {
    let result: ProbeResult = { public: false, peer: false, tookMs: 0 };
    try {
      result = await this.probe.test(node);
    } catch (cause) {
      this.log.error('reachability_test_failed', faultFields(cause));
    }
    const atMs = this.clock.monotonicMs();
    if (this.membership.current?.view.node(node.ed25519) !== undefined) {
      this.#tests.set(node.ed25519, { ...result, atMs, node });
    }
    this.#schedule.settled(node.ed25519, isReached(result), atMs);
    this.metrics.tested(result, this.counts);
  }
}

const isReached = (test: ProbeResult): boolean => test.public && test.peer;
