import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SetClock } from '#testing';
import { REPLAY_FILTER, ReplayFilter } from './replay-filter.js';

const SEED = Uint32Array.of(0x1234_5678, 0x9abc_def0, 0x0fed_cba9);
/** Looked up once: Jest makes each look at a global costly, and a million layers look often. */
const { imul } = Math;
const KEY_BYTES = 32;
const TAG_BYTES = 16;
const MIB = 1024 * 1024;
const SMALL = { windowMs: 600_000, blocks: 1_024, capacity: 5_000 };

/** The layer of a number, as even as a real one; the same number makes the same layer. */
class Layers {
  private readonly bytes = new Uint8Array(KEY_BYTES + TAG_BYTES);
  private readonly words = new Uint32Array(this.bytes.buffer);
  readonly key = this.bytes.subarray(0, KEY_BYTES);
  readonly tag = this.bytes.subarray(KEY_BYTES);

  set(number: number): void {
    let state = number + 1;
    for (let i = 0; i < this.words.length; i += 1) {
      state = imul(state ^ (state >>> 13), 0x5bd1_e995) + 0x6d2b_79f5;
      this.words[i] = state ^ (state >>> 15) ^ imul(i + 1, number);
    }
  }
}

describe('the filter of replays', () => {
  let clock: SetClock;
  const layers = new Layers();
  beforeEach(() => {
    clock = new SetClock(0);
  });
  const seen = (filter: ReplayFilter, number: number): boolean => {
    layers.set(number);
    return filter.seen(layers.key, layers.tag);
  };

  it('takes at most one in 100,000 of a million new layers for a replay, and every replay for one', () => {
    const filter = new ReplayFilter(clock, SEED);
    const million = 1_000_000;
    let wrong = 0;
    for (let i = 0; i < million; i += 1) if (seen(filter, i)) wrong += 1;
    expect(wrong).toBeLessThanOrEqual(10);
    let found = 0;
    for (let i = 0; i < million; i += 1000) if (seen(filter, i)) found += 1;
    expect(found).toBe(million / 1000);
    expect(filter.memoryBytes).toBeLessThanOrEqual(32 * MIB);
  }, 60_000);

  it('remembers for ten minutes at least, and not for twenty', () => {
    const filter = new ReplayFilter(clock, SEED, SMALL);
    clock.ms = 599_999;
    expect(seen(filter, 1)).toBe(false);
    clock.ms += 599_999;
    expect(seen(filter, 1)).toBe(true);
    const other = new ReplayFilter(clock, SEED, SMALL);
    expect(seen(other, 1)).toBe(false);
    clock.ms += 600_000;
    expect(seen(other, 2)).toBe(false); // a new generation
    clock.ms += 600_000;
    expect(seen(other, 1)).toBe(false);
  });

  it('forgets everything while nobody comes', () => {
    const filter = new ReplayFilter(clock, SEED, SMALL);
    seen(filter, 1);
    clock.ms += 1_200_000;
    expect(seen(filter, 1)).toBe(false);
    expect(seen(filter, 1)).toBe(true);
  });

  it('forgets sooner instead of erring more when too many come', () => {
    const filter = new ReplayFilter(clock, SEED, SMALL);
    let wrong = 0;
    for (let i = 0; i < 20 * SMALL.capacity; i += 1) if (seen(filter, i)) wrong += 1;
    expect(wrong).toBeLessThanOrEqual(1);
    expect(seen(filter, 20 * SMALL.capacity - 1)).toBe(true);
  });

  it('tells layers apart by their key and by their tag', () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    fc.assert(
      fc.property(bytes(KEY_BYTES), bytes(TAG_BYTES), fc.nat({ max: 47 }), (key, tag, at) => {
        const filter = new ReplayFilter(clock, SEED, { ...SMALL, blocks: 64 });
        const changed = Uint8Array.from([...key, ...tag], (byte, index) => (index === at ? byte ^ 1 : byte));
        const first = filter.seen(key, tag);
        const other = filter.seen(changed.subarray(0, KEY_BYTES), changed.subarray(KEY_BYTES));
        return !first && !other && filter.seen(key, tag);
      }),
      { numRuns: 200 },
    );
  });

  it('is as large as its description says', () => {
    expect(new ReplayFilter(clock, SEED).memoryBytes).toBe(16 * MIB);
    expect(REPLAY_FILTER.windowMs).toBe(600_000);
  });
});
