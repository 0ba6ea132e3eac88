import { Clock } from '#platform';

/** A clock that a test sets. */
export class SetClock extends Clock {
  ms = 1_000_000;

  now(): number {
    return this.ms;
  }

  monotonicMs(): number {
    return this.ms;
  }
}
