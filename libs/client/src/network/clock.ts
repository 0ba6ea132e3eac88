/** The local clock, passed in. The platform's Clock fits. */
export interface LocalClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Milliseconds that never jump, for durations. */
  monotonicMs(): number;
}

/** docs/protocol/client-messages.md §2.6: how many answers the offset is averaged over. */
const SAMPLES = 10;
/** Nodes that claim an earlier time have no clock worth following: 2021-01-01. */
const EARLIEST_MS = 1_609_459_200_000;

/** Network time: the local clock, corrected by what nodes put into their answers. */
export class NetworkClock {
  private offsets: number[] = [];

  constructor(private readonly local: LocalClock) {}

  /** Epoch milliseconds by the network's clock. */
  now(): number {
    return Math.round(this.local.now() - this.offsetMs);
  }

  /** Local time minus network time. */
  get offsetMs(): number {
    if (this.offsets.length === 0) return 0;
    return this.offsets.reduce((sum, offset) => sum + offset, 0) / this.offsets.length;
  }

  /** Takes the `t` of an answer that just arrived. */
  observe(nodeTimeMs: number): void {
    if (nodeTimeMs < EARLIEST_MS) return;
    this.offsets.push(this.local.now() - nodeTimeMs);
    if (this.offsets.length > SAMPLES) this.offsets.shift();
  }

  /** Forgets what earlier answers said: a node just measured that it is wrong. */
  reset(): void {
    this.offsets = [];
  }
}
