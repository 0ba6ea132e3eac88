/** Enough that two liars move nothing. Of a smaller network all that can be reached. docs/protocol/membership.md §7.2 */
const CLOCKS_WANTED = 5;
/** docs/protocol/membership.md §7.4 */
const WARN_MS = 2_000;
const ALERT_MS = 5_000;
const OFF_MS = 8_000;
/** So long may a clock be off before the node stops serving by it: time to set it. docs/protocol/membership.md §7.5 */
const PATIENCE_MS = 120_000;

export type ClockState = 'ok' | 'warn' | 'alert' | 'not_ready' | 'unknown';

export interface ClockVerdict {
  readonly state: ClockState;
  /** How far ours is ahead of the median of the others; null while unknown. */
  readonly aheadMs: number | null;
  /** Clocks that were compared. */
  readonly peers: number;
  /** Why it is unknown; null otherwise. */
  readonly reason: string | null;
  /** False: the node must not serve by its clock. */
  readonly isTrusted: boolean;
  /** Whether it was near enough at the last comparison. */
  readonly isRight: boolean;
  /** When that was, monotonic; null while unknown. */
  readonly judgedAtMs: number | null;
}

/** What others can be compared with: how many, or why none. */
export type Comparable = { readonly nodes: number } | { readonly none: string };

/**
 * Our clock against those of other nodes. Times are monotonic but `aheadMs`. A node that alone stands against one other
 * is not stopped: nobody can say which of both is wrong. docs/protocol/membership.md §7
 */
export class ClockComparison {
  readonly #samples = new Map<string, { readonly aheadMs: number; readonly atMs: number }>();
  #offSinceMs: number | null = null;
  #isTrusted = true;

  /** `validMs`: how long a sample counts. */
  constructor(private readonly validMs: number) {}

  /** How far our clock was found ahead of that of a node. */
  take(node: string, aheadMs: number, nowMs: number): void {
    this.#samples.set(node, { aheadMs, atMs: nowMs });
  }

  /** Our clock was set: what was compared before says nothing any more. */
  forget(): void {
    this.#samples.clear();
  }

  judge(comparable: Comparable, nowMs: number): ClockVerdict {
    for (const [node, { atMs }] of this.#samples) if (nowMs - atMs > this.validMs) this.#samples.delete(node);
    if ('none' in comparable) return this.#alone(comparable.none, nowMs);
    const samples = [...this.#samples.values()];
    const wanted = Math.min(CLOCKS_WANTED, comparable.nodes);
    const aheadMs = median(samples.map((sample) => sample.aheadMs));
    if (aheadMs === null || samples.length < wanted) return this.#unknown(samples.length, wanted);
    this.#isTrusted = this.#isStillTrusted(aheadMs, samples, nowMs);
    return {
      state: this.#isTrusted ? stateOf(Math.abs(aheadMs)) : 'not_ready',
      aheadMs,
      peers: samples.length,
      reason: null,
      isTrusted: this.#isTrusted,
      isRight: Math.abs(aheadMs) <= OFF_MS,
      judgedAtMs: Math.max(...samples.map(({ atMs }) => atMs)),
    };
  }

  /** Off only when the median is, and when more than half of all clocks, ours among them, say something else than ours. */
  #isStillTrusted(aheadMs: number, samples: readonly { readonly aheadMs: number }[], nowMs: number): boolean {
    const against = samples.filter((sample) => Math.abs(sample.aheadMs) > OFF_MS).length;
    const isOff = Math.abs(aheadMs) > OFF_MS && 2 * against > samples.length + 1;
    this.#offSinceMs = isOff ? (this.#offSinceMs ?? nowMs) : null;
    return this.#offSinceMs === null || nowMs - this.#offSinceMs < PATIENCE_MS;
  }

  #alone(reason: string, nowMs: number): ClockVerdict {
    this.#samples.clear();
    this.#offSinceMs = null;
    this.#isTrusted = true;
    return { ...UNKNOWN, reason, isTrusted: true, isRight: true, judgedAtMs: nowMs };
  }

  /** A verdict stays: a node that was cut off has not become right by it. */
  #unknown(peers: number, wanted: number): ClockVerdict {
    const reason = `${peers} of ${wanted} clocks that are wanted for a comparison are known`;
    return { ...UNKNOWN, peers, reason, isTrusted: this.#isTrusted, isRight: this.#isTrusted };
  }
}

const UNKNOWN = { state: 'unknown', aheadMs: null, peers: 0, judgedAtMs: null } as const;

function stateOf(offMs: number): ClockState {
  if (offMs > ALERT_MS) return 'alert';
  return offMs > WARN_MS ? 'warn' : 'ok';
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  return upper === undefined || lower === undefined ? null : (upper + lower) / 2;
}
