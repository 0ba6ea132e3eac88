import type { StandingReport } from '#protocol';
import { SURFACES, type Surface } from '../reachability/surfaces.js';

/** Two choices of nodes, the old and the new. */
const MAX_VIEWS = 16;

/** What one node said of us. */
export interface PeerView {
  readonly node: string;
  /** Monotonic. */
  readonly atMs: number;
  readonly report: StandingReport;
}

export type SeenCounts = Readonly<Record<Surface, { readonly reached: number; readonly failed: number }>>;

/** What the nodes that we asked last see of us. Times are monotonic. */
export class PeerViews {
  readonly #views = new Map<string, PeerView>();

  /** `freshMs`: how old a test of us may be to say something about now. */
  constructor(private readonly freshMs: number) {}

  take(node: string, report: StandingReport, nowMs: number): void {
    this.#views.delete(node);
    this.#views.set(node, { node, atMs: nowMs, report });
    const [oldest] = this.#views.keys();
    if (this.#views.size > MAX_VIEWS && oldest !== undefined) this.#views.delete(oldest);
  }

  /** The newest first. */
  all(nowMs: number): readonly PeerView[] {
    for (const [node, { atMs }] of this.#views) if (nowMs - atMs > this.freshMs) this.#views.delete(node);
    return [...this.#views.values()].reverse();
  }

  /** How many of them reached us at their last test, and did not, on each surface. */
  counts(nowMs: number): SeenCounts {
    const counts = { public: { reached: 0, failed: 0 }, peer: { reached: 0, failed: 0 } };
    for (const { atMs, report } of this.all(nowMs)) {
      if (report.test === null || report.test.ageMs + nowMs - atMs > this.freshMs) continue;
      for (const surface of SURFACES) counts[surface][report.test[surface].isReached ? 'reached' : 'failed'] += 1;
    }
    return counts;
  }

  /** Surfaces on which most of them do not reach us. */
  unreached(nowMs: number): readonly Surface[] {
    const counts = this.counts(nowMs);
    return SURFACES.filter((surface) => counts[surface].failed > counts[surface].reached);
  }
}
