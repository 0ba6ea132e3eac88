import { sourceOf, type Clock } from '#platform';

export interface BucketShape {
  /** Tokens of a full bucket: what may come at once. */
  readonly burst: number;
  /** Microseconds until one token is back. */
  readonly intervalUs: number;
}

/** The network's own number. A flood from more sources is not held up by counting them. docs/protocol/storage-rpc.md §12.1 */
const MAX_SOURCES = 10_000;

const US_PER_MS = 1_000;

/** A rate in requests a second as a bucket that holds two seconds of it: 300 gives 600 and one per 3,333 us. */
export function bucketOf(perSecond: number): BucketShape {
  return { burst: 2 * perSecond, intervalUs: Math.floor(1_000_000 / perSecond) };
}

/**
 * One token bucket for each source of requests. A bucket is kept as the moment when it will be full again, and only
 * until then: a full one is no different from that of a stranger. docs/protocol/storage-rpc.md §12.1
 */
export class SourceBuckets {
  /** Source to the moment when its bucket is full, in whole microseconds of the clock. */
  private readonly fullAt = new Map<string, number>();
  /** Before this moment no bucket gets full, so that looking for full ones is in vain. */
  private nextFullAt = 0;

  constructor(
    private readonly clock: Clock,
    private readonly shape: BucketShape,
    private readonly maxSources = MAX_SOURCES,
  ) {}

  /** Sources whose buckets are not known to be full. */
  get sources(): number {
    return this.fullAt.size;
  }

  /** Takes a token for a request from this address (IPv4 or IPv6 in text); false when there is none. */
  take(address: string): boolean {
    const { burst, intervalUs } = this.shape;
    const source = sourceOf(address);
    const now = this.nowUs();
    const known = this.fullAt.get(source);
    if (known === undefined && !this.hasRoom(now)) return false;
    const fullAt = Math.max(known ?? 0, now) + intervalUs;
    if (fullAt - now > burst * intervalUs) return false;
    this.fullAt.set(source, fullAt);
    return true;
  }

  /** To be called regularly, so that no address stays here while nobody sends anything. */
  forgetFull(): void {
    this.purge(this.nowUs());
  }

  private hasRoom(now: number): boolean {
    if (this.fullAt.size >= this.maxSources && now >= this.nextFullAt) this.purge(now);
    return this.fullAt.size < this.maxSources;
  }

  private purge(now: number): void {
    let next = Infinity;
    for (const [source, fullAt] of this.fullAt) {
      if (fullAt <= now) this.fullAt.delete(source);
      else next = Math.min(next, fullAt);
    }
    this.nextFullAt = next === Infinity ? now : next;
  }

  private nowUs(): number {
    return Math.floor(this.clock.monotonicMs() * US_PER_MS);
  }
}
