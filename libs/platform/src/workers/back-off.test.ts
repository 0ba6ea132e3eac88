import { describe, expect, it } from '@jest/globals';
import { BackOff } from './back-off.js';

describe('the wait before a worker is replaced', () => {
  it('doubles up to a bound while workers end soon', () => {
    const backOff = new BackOff();
    expect(Array.from({ length: 8 }, () => backOff.afterRunOf(100))).toEqual([
      250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000,
    ]);
  });

  it('is short again after one that worked for long', () => {
    const backOff = new BackOff();
    backOff.afterRunOf(100);
    backOff.afterRunOf(100);
    expect([backOff.afterRunOf(60_000), backOff.afterRunOf(0)]).toEqual([250, 500]);
  });
});
