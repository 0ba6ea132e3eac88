import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ContractError, decodeNodeStanding, SUBJECTS, type NodeStanding } from '#contracts';
import { Bus, Clock, Log } from '#platform';

/** Corrections by NTP stay far below; beyond it somebody has set the clock. */
const STEP_MS = 5_000;

/**
 * Whether what has expired by our clock may be removed: not while swarm-manager finds that clock wrong, nor after it was
 * set forward until it has been compared again. docs/protocol/membership.md §7.6
 */
@Injectable()
export class ClockTrust implements OnApplicationBootstrap, OnModuleDestroy {
  #end = (): void => undefined;
  #isRight = true;
  /** How far the clock is ahead of the monotonic one. */
  #leadMs: number;
  /** When the clock was seen to have been set, on the monotonic one; null when all is as it was. */
  #setAtMs: number | null = null;

  constructor(
    @Inject(Bus) private readonly bus: Bus,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {
    this.#leadMs = clock.now() - clock.monotonicMs();
  }

  onApplicationBootstrap(): void {
    this.#end = this.bus.subscribe(SUBJECTS.standingNow, (bytes) => this.#hear(bytes));
  }

  onModuleDestroy(): void {
    this.#end();
  }

  /** To be asked right before: it looks at the clock. */
  mayRemove(): boolean {
    this.#look();
    return this.#isRight && this.#setAtMs === null;
  }

  #look(): void {
    const nowMs = this.clock.monotonicMs();
    const leadMs = this.clock.now() - nowMs;
    if (leadMs - this.#leadMs >= STEP_MS) {
      this.#setAtMs = nowMs;
      this.log.warn('clock_was_set', { ms: Math.round(leadMs - this.#leadMs) });
    }
    this.#leadMs = leadMs;
  }

  #hear(bytes: Uint8Array): void {
    let clock: NodeStanding['clock'];
    try {
      clock = decodeNodeStanding(bytes).clock;
    } catch (cause) {
      if (!(cause instanceof ContractError)) throw cause;
      this.log.warn('standing_unreadable', { reason: cause.message }); // a version skew: what we knew stays
      return;
    }
    this.#look();
    this.#isRight = clock.isTrusted && clock.isRight;
    const judgedAtMs = clock.judgedAgoMs === null ? -Infinity : this.clock.monotonicMs() - clock.judgedAgoMs;
    if (this.#setAtMs !== null && this.#isRight && judgedAtMs > this.#setAtMs) this.#setAtMs = null;
  }
}
