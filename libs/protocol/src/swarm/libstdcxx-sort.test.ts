import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sortLikeLibstdcxx } from './libstdcxx-sort.js';

/** Made to spoil every pivot, so that the depth runs out; the order is what `std::sort` of g++ 12 leaves. */
const SPOILED_PIVOTS = [
  28, 0, 23, 1, 26, 2, 22, 3, 30, 4, 21, 5, 25, 6, 20, 7, 27, 8, 10, 9, 29, 28, 27, 26, 25, 24, 23, 22, 21, 24, 0, 1, 2,
  3, 4, 5, 6, 7, 8, 9, 20, 18, 19, 17, 18, 16, 17, 15, 16, 14, 15, 13, 14, 12, 13, 11, 12, 10, 11, 19,
];
const AFTER_HEAP_SORT = [
  1, 30, 3, 31, 5, 32, 7, 33, 9, 34, 11, 35, 13, 36, 15, 37, 17, 38, 19, 39, 18, 57, 55, 58, 53, 56, 54, 51, 52, 49, 47,
  50, 45, 48, 43, 46, 41, 44, 59, 42, 14, 40, 10, 28, 27, 6, 2, 26, 29, 25, 12, 24, 23, 4, 16, 22, 21, 0, 20, 8,
];

function sorted(sizes: readonly number[]): { size: number; index: number }[] {
  const entries = sizes.map((size, index) => ({ size, index }));
  sortLikeLibstdcxx(entries, ({ size }) => size);
  return entries;
}

describe('sortLikeLibstdcxx', () => {
  it('falls back to heap sort where the reference does', () => {
    expect(sorted(SPOILED_PIVOTS).map(({ index }) => index)).toEqual(AFTER_HEAP_SORT);
  });

  it('sorts, loses nothing and gives the same order every time', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 200 }), (sizes) => {
        const once = sorted(sizes);
        expect(once.map(({ size }) => size)).toEqual([...sizes].sort((a, b) => a - b));
        expect(once.map(({ index }) => index).sort((a, b) => a - b)).toEqual(sizes.map((_size, index) => index));
        expect(sorted(sizes)).toEqual(once);
      }),
    );
  });

  it('keeps the order of equal entries up to sixteen', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 16 }), (sizes) => {
        const stable = sizes.map((size, index) => ({ size, index })).sort((a, b) => a.size - b.size);
        expect(sorted(sizes)).toEqual(stable);
      }),
    );
  });
});
