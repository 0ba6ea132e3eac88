import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ContractError, decodeNodeStanding, SUBJECTS } from '#contracts';
import { Bus, Log } from '#platform';
import { Standing } from './standing.js';

/**
 * Keeps our standing in step with what swarm-manager says of the clock; it repeats itself every few seconds. Readiness
 * towards the operator stays as it is, for other nodes must go on reaching us: swarm-manager itself says what is wrong.
 */
@Injectable()
export class ClockNews implements OnApplicationBootstrap, OnApplicationShutdown {
  private end = (): void => undefined;

  constructor(
    @Inject(Bus) private readonly bus: Bus,
    @Inject(Standing) private readonly standing: Standing,
    @Inject(Log) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.end = this.bus.subscribe(SUBJECTS.standingNow, (bytes) => this.hear(bytes));
  }

  onApplicationShutdown(): void {
    this.end();
  }

  private hear(bytes: Uint8Array): void {
    const before = this.standing.problem;
    try {
      this.standing.trustClock(decodeNodeStanding(bytes).clock.isTrusted);
    } catch (cause) {
      if (!(cause instanceof ContractError)) throw cause;
      this.log.warn('standing_unreadable', { reason: cause.message }); // a version skew: what we knew stays
      return;
    }
    const { problem } = this.standing;
    if (problem !== before) this.log.info('clock_trust', { outcome: problem ?? 'serving' });
  }
}
