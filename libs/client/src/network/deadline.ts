/** When a whole operation must be over, whatever number of requests it takes. */
export class Deadline {
  private readonly endMs: number;

  constructor(
    private readonly monotonicMs: () => number,
    durationMs: number,
  ) {
    this.endMs = monotonicMs() + durationMs;
  }

  /** Milliseconds left, never below zero. */
  get leftMs(): number {
    return Math.max(0, this.endMs - this.monotonicMs());
  }

  get isOver(): boolean {
    return this.leftMs === 0;
  }
}
