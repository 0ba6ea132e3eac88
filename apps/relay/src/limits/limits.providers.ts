import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type Provider,
} from '@nestjs/common';
import { CONFIG, Clock } from '#platform';
import type { RelayConfig } from '../relay.config.js';
import { RelayMetrics } from '../relay.metrics.js';
import { RELAY_LIMITS, relayLimits } from './budget.js';
import { Load } from './load.js';
import { ReadingTurns } from './reading-turns.js';
import { SourceBuckets, bucketOf } from './source-buckets.js';

/** The buckets of each kind of request; null where the operator set no limit. */
export interface SourceLimits {
  /** Shared by every way in which a client asks for storage without an onion. */
  readonly rpc: SourceBuckets | null;
  readonly onions: SourceBuckets | null;
}

export const SOURCE_LIMITS = Symbol('SOURCE_LIMITS');

/** So long may a full bucket, and with it an address, stay in memory: the time of a look at 10,000 of them is nothing. */
const FORGET_EVERY_MS = 1_000;

/** Sees to it that addresses do not stay when their clients have left. */
@Injectable()
class ForgetSources implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(@Inject(SOURCE_LIMITS) private readonly limits: SourceLimits) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.limits.rpc?.forgetFull();
      this.limits.onions?.forgetFull();
    }, FORGET_EVERY_MS).unref();
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }
}

export const limitsProviders: Provider[] = [
  { provide: RELAY_LIMITS, useValue: relayLimits },
  Load,
  ReadingTurns,
  {
    provide: SOURCE_LIMITS,
    inject: [CONFIG, Clock, RelayMetrics],
    useFactory: (config: RelayConfig, clock: Clock, metrics: RelayMetrics): SourceLimits => {
      const limit = (perSecond: number): SourceBuckets | null =>
        perSecond === 0 ? null : new SourceBuckets(clock, bucketOf(perSecond));
      const limits = { rpc: limit(config.RELAY_RPC_PER_SECOND), onions: limit(config.RELAY_ONIONS_PER_SECOND) };
      metrics.gaugeAtScrape(
        'relay_limited_sources',
        'Sources of requests that are being counted, over all limits',
        () => (limits.rpc?.sources ?? 0) + (limits.onions?.sources ?? 0),
      );
      return limits;
    },
  },
  ForgetSources,
];
