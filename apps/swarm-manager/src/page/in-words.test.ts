import { describe, expect, it } from '@jest/globals';
import { ago, bytes, duration } from './in-words.js';

describe('numbers in words', () => {
  it.each([
    [-5, '0 s'],
    [999, '0 s'],
    [90_000, '90 s'],
    [119_999, '119 s'],
    [120_000, '2 min'],
    [7_199_999, '119 min'],
    [7_200_000, '2 h'],
    [172_800_000, '2 d'],
  ])('%d ms are %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });

  it('say how long ago something was, or that it never was', () => {
    expect([ago(5_000), ago(null)]).toEqual(['5 s ago', 'not yet']);
  });

  it.each([
    [0, '0 B'],
    [1_023, '1023 B'],
    [1_536, '1.5 KiB'],
    [5 * 1024 ** 4, '5.0 TiB'],
    [5_000 * 1024 ** 4, '5000.0 TiB'],
  ])('%d bytes are %s', (count, words) => {
    expect(bytes(count)).toBe(words);
  });
});
