import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SetClock } from '#testing';
import { SourceBuckets, bucketOf } from './source-buckets.js';

const SHAPE = { burst: 600, intervalUs: 3_333 };
const ONE = '192.0.2.1';

const taken = (buckets: SourceBuckets, address: string, tries: number): number => {
  let count = 0;
  for (let i = 0; i < tries; i += 1) if (buckets.take(address)) count += 1;
  return count;
};

describe('buckets of sources', () => {
  let clock: SetClock;
  let buckets: SourceBuckets;
  beforeEach(() => {
    clock = new SetClock();
    buckets = new SourceBuckets(clock, SHAPE);
  });

  it('are shaped like those of the network for 300 a second', () => {
    expect(bucketOf(300)).toEqual(SHAPE);
  });

  it('give a new source the whole burst and no more', () => {
    expect(taken(buckets, ONE, 700)).toBe(600);
  });

  it('give one token back after its interval, not before', () => {
    taken(buckets, ONE, 600);
    clock.ms += 3.332;
    expect(buckets.take(ONE)).toBe(false);
    clock.ms += 0.001;
    expect([buckets.take(ONE), buckets.take(ONE)]).toEqual([true, false]);
  });

  it('keep sources apart', () => {
    taken(buckets, ONE, 600);
    expect(buckets.take('192.0.2.2')).toBe(true);
  });

  it('forget a source as soon as its bucket is full', () => {
    taken(buckets, ONE, 2);
    clock.ms += 6.665;
    buckets.forgetFull();
    expect(buckets.sources).toBe(1);
    clock.ms += 0.001;
    buckets.forgetFull();
    expect(buckets.sources).toBe(0);
    expect(taken(buckets, ONE, 601)).toBe(600);
  });

  it('refuse a new source when all places are taken, serve the known ones, and make room when a bucket is full', () => {
    const few = new SourceBuckets(clock, SHAPE, 2);
    taken(few, 'a', 10);
    taken(few, 'b', 1);
    expect([few.take('c'), few.take('a'), few.sources]).toEqual([false, true, 2]);
    clock.ms += 3.333; // b is full again
    expect([few.take('c'), few.sources]).toEqual([true, 2]);
    expect(few.take('b')).toBe(false);
  });

  it('never let more than the burst and the rate pass in any stretch of time, and never less', () => {
    const step = fc.record({ waitMs: fc.double({ min: 0, max: 400, noNaN: true }), tries: fc.nat({ max: 250 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const own = new SetClock();
        const limited = new SourceBuckets(own, SHAPE);
        const passed: { at: number; count: number; wanted: number }[] = [];
        for (const { waitMs, tries } of steps) {
          own.ms += waitMs;
          passed.push({ at: own.ms, count: taken(limited, ONE, tries), wanted: tries });
        }
        for (let from = 0; from < passed.length; from += 1) {
          let count = 0;
          for (const { at, count: more } of passed.slice(from)) {
            count += more;
            const ms = at - (passed[from]?.at ?? 0);
            expect(count).toBeLessThanOrEqual(SHAPE.burst + Math.floor((ms * 1_000 + 1) / SHAPE.intervalUs));
          }
        }
        // Whoever stays below both is never refused.
        const total = steps.reduce((sum, { tries }) => sum + tries, 0);
        if (total <= SHAPE.burst) expect(passed.every(({ count, wanted }) => count === wanted)).toBe(true);
      }),
    );
  });

  it('hold at most as many sources as they may, whoever comes', () => {
    const visit = fc.record({ waitMs: fc.nat({ max: 5 }), host: fc.nat({ max: 30 }) });
    fc.assert(
      fc.property(fc.array(visit, { maxLength: 200 }), (visits) => {
        const own = new SetClock();
        const few = new SourceBuckets(own, { burst: 3, intervalUs: 4_000 }, 5);
        return visits.every(({ waitMs, host }) => {
          own.ms += waitMs;
          few.take(`198.51.100.${host}`);
          return few.sources <= 5;
        });
      }),
    );
  });
});
