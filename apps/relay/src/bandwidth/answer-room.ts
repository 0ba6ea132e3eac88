import { Inject, Injectable } from '@nestjs/common';
import type { AnswerRoom } from '#transport';
import { LARGE_BYTES, Load } from '../limits/load.js';
import { RelayMetrics } from '../relay.metrics.js';
import { Line } from './line.js';

/**
 * Room for the answers of other nodes and of servers while they come in, in memory and on the line. What asked for them
 * was small, so a large one is admitted only here, with its first piece.
 */
@Injectable()
export class BoundedAnswerRoom implements AnswerRoom {
  constructor(
    @Inject(Load) private readonly load: Load,
    @Inject(Line) private readonly line: Line,
    @Inject(RelayMetrics) private readonly metrics: RelayMetrics,
  ) {}

  hold(bytes: number, before: number, announced: number): boolean {
    const isAdmitted = before > 0 || announced <= LARGE_BYTES || this.line.admits(announced);
    if (this.line.receive(bytes, before, announced) && isAdmitted) return this.load.hold(bytes, before);
    this.metrics.refused('bandwidth');
    return false;
  }

  release(bytes: number): void {
    this.load.release(bytes);
  }
}
