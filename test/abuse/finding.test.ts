import { describe, expect, it } from '@jest/globals';
import { atLeast, atMost, exactly, holds, sentenceOf } from './finding.js';

describe('a finding', () => {
  it.each([
    ['the limit itself', atMost('x', 5, 5), true],
    ['more than the limit', atMost('x', 5, 5.01), false],
    ['enough', atLeast('x', 5, 6), true],
    ['too little', atLeast('x', 5, 4), false],
    ['the very number', exactly('x', 0, 0), true],
    ['another number', exactly('x', 0, 1), false],
    ['nothing measured', atMost('x', 5, Number.NaN), false],
  ])('holds or not: %s', (_name, finding, wanted) => {
    expect(holds(finding)).toBe(wanted);
  });

  it('is told with its limit and what was measured', () => {
    expect(sentenceOf(atMost('honest p99, ms', 50, 12.345))).toBe('honest p99, ms: at most 50, measured 12.3');
  });
});
