import type { RelayReport } from '#contracts';
import { SURFACES, type Surface } from '../reachability/surfaces.js';

/** A surface that nobody tested for so long is worth a warning, and again after as long. docs/protocol/membership.md §6.2 */
const UNTESTED_MS = 120_000;

/** When this node was last tested on each of its surfaces, over all of its relays. Times are monotonic, in ms. */
export class TestedSurfaces {
  readonly #lastMs = new Map<Surface, number>();
  readonly #warnedMs = new Map<Surface, number>();

  constructor(private readonly sinceMs: number) {}

  /** One of the relays reports. */
  hear({ testedAgoMs }: Pick<RelayReport, 'testedAgoMs'>, nowMs: number): void {
    for (const surface of SURFACES) {
      const agoMs = testedAgoMs[surface];
      if (agoMs === null) continue;
      this.#lastMs.set(surface, Math.max(nowMs - agoMs, this.#lastMs.get(surface) ?? -Infinity));
    }
  }

  /** Since the last test; null when there was none. */
  ageMs(surface: Surface, nowMs: number): number | null {
    const lastMs = this.#lastMs.get(surface);
    return lastMs === undefined ? null : Math.max(0, nowMs - lastMs);
  }

  /** Not tested for too long, counted from our start. */
  untested(nowMs: number): readonly Surface[] {
    return SURFACES.filter((surface) => nowMs - Math.max(this.#lastMs.get(surface) ?? 0, this.sinceMs) >= UNTESTED_MS);
  }

  /** Those of them that must be said now: once, and again only after as long. */
  toWarnOf(nowMs: number): readonly Surface[] {
    const untested = this.untested(nowMs);
    for (const surface of SURFACES) if (!untested.includes(surface)) this.#warnedMs.delete(surface);
    return untested.filter((surface) => {
      if (nowMs - (this.#warnedMs.get(surface) ?? -Infinity) < UNTESTED_MS) return false;
      this.#warnedMs.set(surface, nowMs);
      return true;
    });
  }
}
