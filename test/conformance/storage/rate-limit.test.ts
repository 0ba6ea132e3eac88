import { describe, expect, it } from '@jest/globals';
import { SetClock } from '#testing';
import { bucketOf, SourceBuckets } from '../../../apps/relay/src/limits/source-buckets.js';

const BURST = 600;
const PER_SECOND = 300;
const SOURCE = '192.0.2.1';

/** What the public port does with the answer is case H16 of the suite `onion`. */
describe('the limit of one address', () => {
  const clock = new SetClock();
  const buckets = new SourceBuckets(clock, bucketOf(PER_SECOND));

  it('18 in process: 600 requests in one instant pass, and the next does not', () => {
    const taken = Array.from({ length: BURST }, () => buckets.take(SOURCE));
    expect(taken).toEqual(taken.map(() => true));
    expect(buckets.take(SOURCE)).toBe(false);
  });

  it('19 in process: 3.4 ms later one more passes', () => {
    clock.ms += 3.4;
    expect([buckets.take(SOURCE), buckets.take(SOURCE)]).toEqual([true, false]);
  });
});
