import { describe, expect, it } from '@jest/globals';
import { SentTimes } from './sent-times.js';

describe('SentTimes', () => {
  it('never gives one account the same millisecond twice', () => {
    const times = new SentTimes();
    expect([times.next('a', 5), times.next('a', 5), times.next('a', 4), times.next('a', 9)]).toEqual([5, 6, 7, 9]);
    expect(times.next('b', 5)).toBe(5);
  });

  it('remembers a bounded number of accounts', () => {
    const times = new SentTimes();
    for (let index = 0; index <= 1_000; index++) times.next(`${index}`, 5);
    expect([times.next('0', 5), times.next('1000', 5)]).toEqual([5, 6]);
  });
});
