import { Inject, Injectable } from '@nestjs/common';
import { ContractError, decodeStandingKnown, encodeStandingQuestion, SUBJECTS } from '#contracts';
import { Bus, BusFault, BusTimeout, BusUnavailable, Log } from '#platform';
import type { StandingKnown } from '#protocol';

/** Of the time that a caller waits, what is left for the way back. */
const SHARE = 0.8;
/** While swarm-manager is away the caller still learns our clock. docs/protocol/peer.md §8.2 */
const NOTHING: StandingKnown = { instance: null, test: null, otherAgeMs: null };

/** What this node knows of another one that asks: swarm-manager has it. */
@Injectable()
export class StandingAnswers {
  constructor(
    @Inject(Bus) private readonly bus: Bus,
    @Inject(Log) private readonly log: Log,
  ) {}

  /** `from`: the caller's key, as its certificate proved. */
  async about(from: string, instance: string, budgetMs: number): Promise<StandingKnown> {
    try {
      const question = encodeStandingQuestion({ from, instance });
      return decodeStandingKnown(
        await this.bus.request(SUBJECTS.standingAsk, question, { timeoutMs: budgetMs * SHARE }),
      );
    } catch (cause) {
      if (cause instanceof ContractError) this.log.warn('standing_answer_unreadable', { reason: cause.message });
      else if (!(cause instanceof BusTimeout || cause instanceof BusUnavailable || cause instanceof BusFault))
        throw cause;
      return NOTHING;
    }
  }
}
