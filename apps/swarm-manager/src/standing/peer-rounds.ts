import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock, CONFIG, faultFields, Log } from '#platform';
import { NodeKey, type NodeRecord, type StandingReport } from '#protocol';
import { PeerError, PeerTransport } from '#transport';
import { Membership } from '../membership/membership.js';
import { Reachability } from '../reachability/reachability.js';
import { systemRandom } from '../reachability/random-time.js';
import type { SwarmManagerConfig } from '../swarm-manager.config.js';
import type { Comparable } from './clock-comparison.js';
import { INSTANCE } from './instance.js';
import { askable, peersToAsk } from './peers-to-ask.js';

/**
 * In means of the times between reachability tests, 10 s: the same nodes are asked again when they have had the time to
 * test us, and other ones a minute after the first question. docs/protocol/peer.md §8.5
 */
const AGAIN_AFTER = 1.5;
const OTHERS_AFTER = 4.5;
const CONNECT_TIMEOUT_MS = 5_000;
/** The answer lies ready; beyond it half of the way says too little about the clock. */
const ASK_TIMEOUT_MS = 2_000;

export interface PeerAnswer {
  readonly node: NodeRecord;
  readonly report: StandingReport;
  /** How far our clock is ahead of its clock, half of the round trip taken for the way. */
  readonly aheadMs: number;
}

export interface Round {
  readonly asked: number;
  readonly answers: readonly PeerAnswer[];
}

/** Asks a few nodes, again and again, how they see us and what their clocks say. docs/protocol/peer.md §8 */
@Injectable()
export class PeerRounds implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #listeners = new Set<(round: Round) => void>();
  #askable: readonly NodeRecord[] = [];
  #chosen: readonly NodeRecord[] = [];
  #isAgain = false;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isStopped = false;

  constructor(
    @Inject(Membership) private readonly membership: Membership,
    @Inject(Reachability) private readonly reachability: Reachability,
    @Inject(PeerTransport) private readonly peers: PeerTransport,
    @Inject(NodeKey) private readonly self: NodeKey,
    @Inject(INSTANCE) private readonly instance: string,
    @Inject(CONFIG) private readonly config: SwarmManagerConfig,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {
    membership.onChange(({ view }) => {
      const isFirst = this.#askable.length === 0;
      const isActive = view.node(self.id)?.state === 'active';
      this.#askable = isActive ? askable(self.id, view.snapshot.nodes) : [];
      if (isFirst && this.#timer !== undefined) this.askSoon();
    });
  }

  onApplicationBootstrap(): void {
    this.#schedule(0);
  }

  async onModuleDestroy(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Told after each round, also when nobody could be asked. */
  onRound(listener: (round: Round) => void): void {
    this.#listeners.add(listener);
  }

  /** Not at the next turn, but now; other nodes than before. */
  askSoon(): void {
    this.#isAgain = false;
    if (this.#running === undefined) this.#schedule(0);
  }

  /** Whose clocks can be had. */
  get comparable(): Comparable {
    const self = this.membership.current?.view.node(this.self.id);
    if (this.membership.current === null) return { none: 'there is no list of the network yet' };
    if (self?.state !== 'active') return { none: 'only a node in its place in the network may ask others' };
    const nodes = this.#askable.filter(({ ed25519 }) => this.reachability.lastTest(ed25519)?.peer !== false).length;
    return nodes === 0 ? { none: 'there is no other node to compare with' } : { nodes };
  }

  #schedule(waitMs: number): void {
    clearTimeout(this.#timer);
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.#run(), waitMs);
  }

  async #run(): Promise<void> {
    const isAgain = this.#isAgain;
    this.#isAgain = !isAgain;
    this.#running = this.#round(isAgain);
    await this.#running;
    this.#running = undefined;
    this.#schedule((this.#isAgain ? AGAIN_AFTER : OTHERS_AFTER) * this.config.SWARM_MANAGER_PING_INTERVAL_MS);
  }

  async #round(isAgain: boolean): Promise<void> {
    if (!isAgain) this.#chosen = peersToAsk(this.#askable, systemRandom);
    const asked = await Promise.all(this.#chosen.map((node) => this.#ask(node)));
    if (this.#isStopped) return;
    const answers = asked.filter((answer) => answer !== null);
    for (const listener of this.#listeners) listener({ asked: asked.length, answers });
  }

  /** The ping opens the connection, so that the question travels without a handshake. Null without an answer. */
  async #ask(node: NodeRecord): Promise<PeerAnswer | null> {
    try {
      await this.peers.ping(node, CONNECT_TIMEOUT_MS);
      const [sentMs, begunMs] = [this.clock.now(), this.clock.monotonicMs()];
      const report = await this.peers.standing(node, this.instance, ASK_TIMEOUT_MS);
      // Not read from the clock, which may be set meanwhile.
      const backMs = sentMs + (this.clock.monotonicMs() - begunMs);
      return { node, report, aheadMs: (sentMs - report.receivedMs + (backMs - report.sentMs)) / 2 };
    } catch (cause) {
      if (!(cause instanceof PeerError)) this.log.error('standing_question_failed', faultFields(cause));
      return null;
    }
  }
}
