import { Inject, Injectable } from '@nestjs/common';
import { STREAM_TEXTS, type MessagePart } from '#protocol';
import { Line } from '../../bandwidth/line.js';
import { SOURCE_LIMITS, type SourceLimits } from '../../limits/limits.providers.js';
import { Load } from '../../limits/load.js';
import { HTTP_TEXTS } from '../../listener/http-texts.js';
import { Standing } from '../../readiness/standing.js';
import { RelayMetrics } from '../../relay.metrics.js';
import { Backlog } from '../backlog.js';
import { BUSY, refusal } from './command.js';

/** What stands before every command that makes work. docs/protocol/storage-rpc.md §1.3.4 */
@Injectable()
export class RequestGate {
  constructor(
    @Inject(Standing) private readonly standing: Standing,
    @Inject(SOURCE_LIMITS) private readonly limits: SourceLimits,
    @Inject(Load) private readonly load: Load,
    @Inject(Line) private readonly line: Line,
    @Inject(Backlog) private readonly backlog: Backlog,
    @Inject(RelayMetrics) private readonly metrics: RelayMetrics,
  ) {}

  /** Counts a request of an address; the answer when it has made too many. */
  count(address: string): readonly MessagePart[] | null {
    if (this.limits.rpc?.take(address) !== false) return null;
    this.metrics.refused('rate');
    return refusal(429, STREAM_TEXTS.tooManyRequests);
  }

  /** The answer of a node that does not serve, or null. */
  closed(): readonly MessagePart[] | null {
    const { problem } = this.standing;
    if (problem === null) return null;
    this.metrics.refused('not_ready');
    return refusal(503, HTTP_TEXTS.notReady(problem));
  }

  /** Runs the work in a place of this process; without one the answer says so. */
  async withPlace(work: () => Promise<readonly MessagePart[]>): Promise<readonly MessagePart[]> {
    if (!this.line.admits(0)) {
      this.metrics.refused('bandwidth');
      return BUSY;
    }
    if (this.backlog.isFull || !this.load.enter()) {
      this.metrics.refused('busy');
      return BUSY;
    }
    try {
      return await work();
    } finally {
      this.load.leave();
    }
  }
}
