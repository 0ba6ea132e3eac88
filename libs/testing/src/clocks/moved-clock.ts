import { Clock } from '#platform';

/** Goes with the system's clock, ahead of it by as much as a test wants. */
export class MovedClock extends Clock {
  aheadMs = 0;

  now(): number {
    return Date.now() + this.aheadMs;
  }

  monotonicMs(): number {
    return performance.now() + this.aheadMs;
  }
}
