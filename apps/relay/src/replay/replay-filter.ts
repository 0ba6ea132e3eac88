import type { Clock } from '#platform';

export interface ReplayFilterOptions {
  /** How long a layer is remembered at least; at most twice as long. */
  readonly windowMs: number;
  /** Blocks of one generation: a power of two. Each has 64 bytes, one line of a cache. */
  readonly blocks: number;
  /** Layers after which a generation is full: then a new one begins early, which forgets sooner but errs no more. */
  readonly capacity: number;
}

/**
 * Two generations of 8 MiB, each for 1.5 million layers: 2,500 a second for ten minutes. Less than one in 100,000 new
 * layers is then taken for one seen before, and less than one in a million while the filter is half full.
 */
export const REPLAY_FILTER: ReplayFilterOptions = { windowMs: 600_000, blocks: 131_072, capacity: 1_500_000 };

const WORDS_PER_BLOCK = 16;
const BITS_PER_BLOCK_MASK = 511;
/** Bits per layer, from each of two hashes. */
const BITS_PER_HASH = 4;
const WORD_BYTES = 4;
const { imul } = Math;
/** Flags of the generations. */
const IN_CURRENT = 1;
const IN_PREVIOUS = 2;

/**
 * Remembers which layers came by, by ephemeral key and tag of the ciphertext, in bounded memory: a Bloom filter whose
 * bits of one layer lie together, in two generations that take turns. Without the seed nobody can tell which layers
 * would share bits.
 */
export class ReplayFilter {
  private current: Uint32Array;
  private previous: Uint32Array;
  private begunAt: number;
  private count = 0;
  private readonly blockShift: number;

  /** `seed`: three random 32-bit numbers. */
  constructor(
    private readonly clock: Clock,
    private readonly seed: Uint32Array,
    private readonly options: ReplayFilterOptions = REPLAY_FILTER,
  ) {
    this.current = new Uint32Array(options.blocks * WORDS_PER_BLOCK);
    this.previous = new Uint32Array(options.blocks * WORDS_PER_BLOCK);
    this.blockShift = 32 - Math.log2(options.blocks);
    this.begunAt = clock.monotonicMs();
  }

  /** Both generations. */
  get memoryBytes(): number {
    return this.current.byteLength + this.previous.byteLength;
  }

  /** Whether this layer came before, as far as is remembered; from now on it is. `tag`: the end of its ciphertext. */
  seen(ephemeralKey: Uint8Array, tag: Uint8Array): boolean {
    this.turn();
    const hash = (which: number): number => finish(mix(mix(this.seed[which] ?? 0, ephemeralKey), tag));
    const block = (hash(0) >>> this.blockShift) * WORDS_PER_BLOCK;
    const held = this.mark(block, hash(1)) & this.mark(block, hash(2));
    if ((held & IN_CURRENT) === 0) this.count += 1;
    return held !== 0;
  }

  /** Sets the bits of one hash in the current generation. The generations that had all of them: `IN_CURRENT`, `IN_PREVIOUS`. */
  private mark(block: number, hash: number): number {
    const { current, previous } = this;
    const step = ((hash >>> 9) & BITS_PER_BLOCK_MASK) | 1;
    let held = IN_CURRENT | IN_PREVIOUS;
    for (let i = 0, bit = hash; i < BITS_PER_HASH; i += 1, bit += step) {
      const word = block + ((bit & BITS_PER_BLOCK_MASK) >>> 5);
      const mask = 1 << (bit & 31);
      const bits = current[word] ?? 0;
      if ((bits & mask) === 0) held &= ~IN_CURRENT;
      if (((previous[word] ?? 0) & mask) === 0) held &= ~IN_PREVIOUS;
      current[word] = bits | mask;
    }
    return held;
  }

  private turn(): void {
    const { windowMs, capacity } = this.options;
    const age = this.clock.monotonicMs() - this.begunAt;
    if (age < windowMs && this.count < capacity) return;
    if (age >= 2 * windowMs) this.current.fill(0); // nobody came for so long that it is no longer of interest either
    [this.current, this.previous] = [this.previous, this.current];
    this.current.fill(0);
    this.count = 0;
    this.begunAt += age;
  }
}

/** Takes bytes, whole words of them, into a hash. */
function mix(start: number, bytes: Uint8Array): number {
  let hash = start;
  for (let at = 0; at + WORD_BYTES <= bytes.length; at += WORD_BYTES) {
    const word =
      (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    hash = imul(hash ^ word, 0x9e37_79b1);
    hash = imul(hash ^ (hash >>> 15), 0x85eb_ca6b);
  }
  return hash;
}

/** Spreads what the last words did over all bits. */
function finish(hash: number): number {
  const spread = imul(hash ^ (hash >>> 16), 0x7feb_352d);
  const again = imul(spread ^ (spread >>> 15), 0x846c_a68b);
  return (again ^ (again >>> 16)) >>> 0;
}
