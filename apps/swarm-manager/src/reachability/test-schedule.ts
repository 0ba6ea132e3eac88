import { inRandomOrder, normalMs, type RandomUnit } from './random-time.js';

/** Spread of the times between tests, as a share of their mean: 3 s of 10. docs/protocol/membership.md §5.3 */
const DEVIATION = 0.3;
/** The longest wait for a test of a node that fails, in means: 2 min of 10 s. docs/protocol/membership.md §5.4 */
const LONGEST_WAIT = 12;
/** Tests out of turn that may begin at one look, so that a network that is down is not tested all at once. */
const MAX_OUT_OF_TURN = 4;

interface Failing {
  /** Failures one after the other. */
  readonly failures: number;
  readonly dueMs: number;
}

/**
 * Which node is tested when: one of all after the other in shuffled rounds, and those that failed again and again until
 * they answer. Asked at short intervals. Times are monotonic, in ms; nodes are their ids. docs/protocol/membership.md §5
 */
export class TestSchedule {
  readonly #failing = new Map<string, Failing>();
  readonly #running = new Set<string>();
  readonly #ordered = new Set<string>();
  #testable: ReadonlySet<string> = new Set();
  #round: string[] = [];
  #nextMs: number;

  constructor(
    private readonly meanMs: number,
    private readonly random: RandomUnit,
    nowMs: number,
  ) {
    this.#nextMs = nowMs + this.#wait();
  }

  /** Who can be tested from now on. What was planned for others is dropped. */
  use(nodes: readonly string[]): void {
    this.#testable = new Set(nodes);
    for (const planned of [this.#failing, this.#ordered]) {
      for (const node of planned.keys()) if (!this.#testable.has(node)) planned.delete(node);
    }
  }

  /** Wants a test of this node soon, out of its turn. */
  order(node: string): void {
    if (this.#testable.has(node)) this.#ordered.add(node);
  }

  /** Whom to test now. Each of them must be `settled` before it comes again. */
  due(nowMs: number): string[] {
    const due = [...this.#ordered].filter((node) => !this.#running.has(node));
    for (const [node, { dueMs }] of this.#failing) {
      if (dueMs <= nowMs && !this.#ordered.has(node) && !this.#running.has(node)) due.push(node);
    }
    due.splice(MAX_OUT_OF_TURN);
    for (const node of due) {
      this.#ordered.delete(node);
      this.#running.add(node);
    }
    if (nowMs < this.#nextMs) return due;
    this.#nextMs = nowMs + this.#wait();
    const next = this.#nextOfRound();
    return next === undefined ? due : [...due, next];
  }

  settled(node: string, isReached: boolean, nowMs: number): void {
    this.#running.delete(node);
    const { failures } = this.#failing.get(node) ?? { failures: 0 };
    this.#failing.delete(node);
    if (isReached || !this.#testable.has(node)) return;
    const waitMs = Math.min(failures * this.meanMs + this.#wait(), LONGEST_WAIT * this.meanMs);
    this.#failing.set(node, { failures: failures + 1, dueMs: nowMs + waitMs });
  }

  /** Those that fail have a turn of their own. */
  #nextOfRound(): string | undefined {
    if (this.#round.length === 0) this.#round = inRandomOrder([...this.#testable], this.random);
    for (;;) {
      const node = this.#round.pop();
      if (node === undefined) return undefined;
      if (!this.#testable.has(node) || this.#failing.has(node) || this.#running.has(node)) continue;
      this.#running.add(node);
      return node;
    }
  }

  #wait(): number {
    return normalMs(this.random, this.meanMs, DEVIATION * this.meanMs);
  }
}
