import { Clock } from '#platform';

/** Stands until a test moves it on; the time of day and what is measured are the same number. */
export class SetClock extends Clock {
  constructor(public ms = 1_000_000) {
    super();
  }

  now(): number {
    return this.ms;
  }

  monotonicMs(): number {
    return this.ms;
  }
}
