import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#platform';
import type { AccountId, Circumstances, RequestProof, Swarm } from '#protocol';
import { SwarmView } from '../membership/swarm-view.js';
import { Revocations } from '../revocation/revocations.js';

/** What every request about an account's messages has. */
export interface AccountRequest {
  readonly account: AccountId;
  /** Null when it is not signed. */
  readonly proof: RequestProof | null;
}

export interface Admitted {
  /** Our swarm, in which the account is. */
  readonly swarm: Swarm;
  /** For the judgement of times and signatures. */
  readonly at: Circumstances;
}

/** The first look at a request: whether the account is ours, and what has to be known to judge the rest. */
@Injectable()
export class Access {
  constructor(
    @Inject(SwarmView) private readonly view: SwarmView,
    @Inject(Revocations) private readonly revocations: Revocations,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Throws WrongSwarm, or RedisUnavailable when a delegate asks and nobody knows whether it still may. */
  async admit({ account, proof }: AccountRequest, forwarded: boolean): Promise<Admitted> {
    const nowMs = this.clock.now();
    const swarm = this.view.requireOwn(account, nowMs);
    const token = proof?.subaccount?.token;
    const revoked = token !== undefined && (await this.revocations.isRevoked(account, token, nowMs));
    return { swarm, at: { nowMs, revoked, forwarded } };
  }
}
