import { Clock } from '#platform';

/** Where the time of several clocks comes from; a test may skip some of it. */
export class SharedTime {
  skippedMs = 0;
}

/** A clock that somebody has set to another time; what is measured with it is right. */
export class WrongClock extends Clock {
  constructor(
    private readonly time: SharedTime,
    public aheadMs = 0,
  ) {
    super();
  }

  now(): number {
    return Date.now() + this.time.skippedMs + this.aheadMs;
  }

  monotonicMs(): number {
    return performance.now() + this.time.skippedMs;
  }
}
