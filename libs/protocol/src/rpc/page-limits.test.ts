import { describe, expect, it } from '@jest/globals';
import { messageCost, pageLimits } from './page-limits.js';

describe('pageLimits', () => {
  it.each([
    ['nothing', null, null, null, 1_560_000],
    ['zeros', 0, 0, null, 1_560_000],
    ['a count', 5, null, 5, 7_800_000],
    ['a negative count', -1, null, null, 1_560_000],
    ['a size', null, 500_000, null, 500_000],
    ['a size above the most', null, 99_999_999, null, 7_800_000],
    ['all of the most', null, -1, null, 7_800_000],
    ['a third of the most', null, -3, null, 2_600_000],
    ['a tiny share', null, -Number.MAX_SAFE_INTEGER, null, 0],
    ['count and size', 10, 700_000, 10, 700_000],
  ])('of %s', (_name, maxCount, maxSize, maxMessages, maxCost) => {
    expect(pageLimits(maxCount, maxSize)).toEqual({ maxMessages, maxCost });
  });
});

describe('messageCost', () => {
  // docs/protocol/storage-rpc.md §8.2: messages of 70,000 bytes that fit
  it.each([
    [-1, 83],
    [-3, 27],
    [null, 16],
    [500_000, 5],
    [600_000, 6],
    [700_000, 7],
  ])('lets a page of max_size %s hold %i messages', (maxSize, messages) => {
    expect(Math.floor(pageLimits(null, maxSize).maxCost / messageCost(70_000))).toBe(messages);
  });
});
