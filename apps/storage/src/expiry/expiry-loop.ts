import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock, faultFields, Log, RedisUnavailable, Rounds } from '#platform';
import { Mailboxes } from '../mailbox/mailboxes.js';
import { ClockTrust } from '../membership/clock-trust.js';
import { StorageMetrics } from '../storage.metrics.js';

/** Between steps when nothing is due; expired messages are invisible anyway, this only frees their memory. */
const IDLE_MS = 1_000;

/** Frees expired messages in small steps, one after the other without a pause while there is something to free. */
@Injectable()
export class ExpiryLoop implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds = new Rounds(() => this.#purge());

  constructor(
    @Inject(Mailboxes) private readonly mailboxes: Mailboxes,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ClockTrust) private readonly trust: ClockTrust,
    @Inject(StorageMetrics) private readonly metrics: StorageMetrics,
    @Inject(Log) private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.#rounds.begin(IDLE_MS);
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#rounds.end();
  }

  async #purge(): Promise<number> {
    let freed = 0;
    try {
      if (this.trust.mayRemove()) freed = await this.mailboxes.purge(this.clock.now());
      this.metrics.purged(freed);
    } catch (cause) {
      const isOutside = cause instanceof RedisUnavailable;
      if (!isOutside) this.log.error('purge_failed', faultFields(cause));
    }
    return freed > 0 ? 0 : IDLE_MS;
  }
}
