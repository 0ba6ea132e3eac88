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

/** Stands until a test moves it on. */
export class StoppedClock extends Clock {
  ms = 1_000_000;

  now(): number {
    return this.ms;
  }

  monotonicMs(): number {
    return this.ms;
  }
}
