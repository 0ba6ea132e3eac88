import { describe, expect, it } from '@jest/globals';
import { isWithin } from './time-windows.js';

describe('isWithin', () => {
  it.each([
    [60_000, true],
    [-60_000, true],
    [60_001, false],
    [-60_001, false],
  ])('a time %i ms away, for a window of 60 s: %s', (offsetMs, within) => {
    expect(isWithin(1_700_000_000_000 + offsetMs, 1_700_000_000_000, 60_000)).toBe(within);
  });
});
