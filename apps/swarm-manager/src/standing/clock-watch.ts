import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { encodeNodeStanding, SUBJECTS } from '#contracts';
import { Bus, Clock, CONFIG, Log, Readiness } from '#platform';
import type { SwarmManagerConfig } from '../swarm-manager.config.js';
import { ClockComparison, type ClockVerdict } from './clock-comparison.js';
import { INSTANCE } from './instance.js';
import { PeerRounds } from './peer-rounds.js';

/** The other services go on with what they heard last; so long may one that starts not know. */
const TELL_EVERY_MS = 10_000;
/** In means of the times between reachability tests, 10 s: longer than from one choice of nodes to the next. */
const SAMPLE_VALID = 9;
/** Corrections by NTP stay far below; beyond it somebody has set the clock. */
const STEP_MS = 5_000;

/** Our clock against those of other nodes, and what follows from it for this node. docs/protocol/membership.md §7 */
@Injectable()
export class ClockWatch implements OnApplicationBootstrap, OnModuleDestroy {
  readonly #comparison: ClockComparison;
  #verdict: ClockVerdict;
  #timer: NodeJS.Timeout | undefined;
  /** How far the clock is ahead of the monotonic one. */
  #leadMs: number;

  constructor(
    @Inject(PeerRounds) private readonly rounds: PeerRounds,
    @Inject(Bus) private readonly bus: Bus,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(CONFIG) config: SwarmManagerConfig,
    @Inject(INSTANCE) private readonly instance: string,
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(Log) private readonly log: Log,
  ) {
    this.#comparison = new ClockComparison(SAMPLE_VALID * config.SWARM_MANAGER_PING_INTERVAL_MS);
    this.#verdict = this.#comparison.judge({ none: 'no clock has been compared yet' }, clock.monotonicMs());
    this.#leadMs = this.#leadNow();
    rounds.onRound(({ answers }) => {
      this.#noticeStep();
      for (const { node, aheadMs } of answers) this.#comparison.take(node.ed25519, aheadMs, clock.monotonicMs());
      this.#judge();
    });
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => {
      if (this.#noticeStep()) this.rounds.askSoon();
      this.#judge();
    }, TELL_EVERY_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  get verdict(): ClockVerdict {
    return this.#verdict;
  }

  /** As it goes out on the bus. */
  encoded(): Uint8Array {
    const { isTrusted, isRight, judgedAtMs } = this.#verdict;
    const judgedAgoMs = judgedAtMs === null ? null : Math.max(0, this.clock.monotonicMs() - judgedAtMs);
    return encodeNodeStanding({ instance: this.instance, clock: { isTrusted, isRight, judgedAgoMs } });
  }

  #judge(): void {
    const before = this.#verdict;
    this.#verdict = this.#comparison.judge(this.rounds.comparable, this.clock.monotonicMs());
    const { state, aheadMs, isTrusted } = this.#verdict;
    if (state !== before.state) {
      const fields = { outcome: state, ...(aheadMs === null ? {} : { ms: Math.round(aheadMs) }) };
      if (state === 'ok' || state === 'unknown') this.log.info('clock', fields);
      else this.log.warn('clock', fields);
    }
    const problem = 'the clock of this machine is too far from those of other nodes to serve by it; set it, with NTP';
    this.readiness.set('clock', isTrusted ? null : problem);
    this.bus.publish(SUBJECTS.standingNow, this.encoded());
  }

  /** What was compared with a clock that has been set since says nothing. */
  #noticeStep(): boolean {
    const leadMs = this.#leadNow();
    const stepMs = leadMs - this.#leadMs;
    this.#leadMs = leadMs;
    if (Math.abs(stepMs) < STEP_MS) return false;
    this.#comparison.forget();
    this.log.warn('clock_was_set', { ms: Math.round(stepMs) });
    return true;
  }

  #leadNow(): number {
    return this.clock.now() - this.clock.monotonicMs();
  }
}
