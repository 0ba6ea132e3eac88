/** A worker that ended by accident is replaced before clients notice much; one that ends at once again is no accident. */
const FIRST_MS = 250;
const LONGEST_MS = 10_000;
/** Whoever worked for so long did not end because of its start. */
const STABLE_MS = 60_000;

/** How long to wait before the next worker is started in the place of one that ended. */
export class BackOff {
  #nextMs = FIRST_MS;

  /** `ranMs`: how long it served. */
  afterRunOf(ranMs: number): number {
    if (ranMs >= STABLE_MS) this.#nextMs = FIRST_MS;
    const waitMs = this.#nextMs;
    this.#nextMs = Math.min(2 * waitMs, LONGEST_MS);
    return waitMs;
  }
}
