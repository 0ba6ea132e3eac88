import { Inject, Injectable } from '@nestjs/common';
import { Clock, CONFIG, PRIMITIVES } from '#platform';
import { authorizeStore, checkStoreTimes, type Primitives, type StoreRequest, type Swarm } from '#protocol';
import { SwarmView } from '../membership/swarm-view.js';
import type { SwarmOutcome } from '../replication/swarm-fan-out.js';
import type { StorageConfig } from '../storage.config.js';

/** When a store is taken, and when it counts as done. */
@Injectable()
export class StoreRules {
  constructor(
    @Inject(SwarmView) private readonly view: SwarmView,
    @Inject(PRIMITIVES) private readonly primitives: Primitives,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: StorageConfig,
  ) {}

  /** Swarm, times, signature, in this order. Throws ProtocolError. */
  check(request: StoreRequest): { nowMs: number; swarm: Swarm } {
    const nowMs = this.clock.now();
    const swarm = this.view.requireOwn(request.account, nowMs);
    checkStoreTimes(request, nowMs);
    authorizeStore(this.primitives, request, nowMs, false);
    return { nowMs, swarm };
  }

  /** Acknowledged means kept by enough members, or by all of a swarm that is smaller. */
  isKept({ succeeded, members }: SwarmOutcome): boolean {
    return succeeded >= Math.min(this.config.STORAGE_MIN_COPIES, members);
  }
}
