import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomBelow, shuffled } from './random-choice.js';

const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

describe('random choice', () => {
  it('draws again above the last multiple of the limit, so that no number is likelier', () => {
    const draws = [0xffffffff, 0xfffffffe, 7].map(
      (value) => new Uint8Array([24, 16, 8, 0].map((shift) => value >>> shift)),
    );
    expect(randomBelow(() => draws.shift() ?? new Uint8Array(4), 10)).toBe(7);
    expect(draws).toHaveLength(0);
  });

  it('shuffles into the same items', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (items) => {
        expect(shuffled(random, items).sort()).toEqual([...items].sort());
      }),
    );
  });

  it('reaches every place', () => {
    const firsts = new Set(Array.from({ length: 200 }, () => shuffled(random, ['a', 'b', 'c'])[0]));
    expect(firsts.size).toBe(3);
  });
});
