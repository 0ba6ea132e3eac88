import { Inject, Injectable } from '@nestjs/common';
import { Clock, PRIMITIVES } from '#platform';
import { authorizeDelete, type DeleteRequest, type Primitives, type Swarm } from '#protocol';
import { SwarmView } from '../membership/swarm-view.js';

/** Who may delete. A delete has no time, so it may be repeated for ever: what is gone stays gone. */
@Injectable()
export class DeleteRules {
  constructor(
    @Inject(SwarmView) private readonly view: SwarmView,
    @Inject(PRIMITIVES) private readonly primitives: Primitives,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Swarm, then signature. Throws ProtocolError. */
  check(request: DeleteRequest): { nowMs: number; swarm: Swarm } {
    const nowMs = this.clock.now();
    const swarm = this.view.requireOwn(request.account, nowMs);
    authorizeDelete(this.primitives, request, false);
    return { nowMs, swarm };
  }
}
