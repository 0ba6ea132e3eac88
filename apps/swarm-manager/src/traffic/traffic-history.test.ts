import { beforeEach, describe, expect, it } from '@jest/globals';
import { TrafficHistory } from './traffic-history.js';

const MINUTE_MS = 60_000;
const START_MS = 1_764_000_000_000 - (1_764_000_000_000 % MINUTE_MS);
const some = { requests: 1, bytesIn: 10, bytesOut: 100 };

describe('the traffic of the last hour', () => {
  let history: TrafficHistory;
  beforeEach(() => {
    history = new TrafficHistory();
  });

  it('is summed up by minutes, over all relays', () => {
    history.add(some, START_MS + 1);
    history.add({ requests: 2, bytesIn: 5, bytesOut: 0 }, START_MS + MINUTE_MS - 1);
    history.add(some, START_MS + MINUTE_MS);
    expect(history.minutes(START_MS + MINUTE_MS)).toEqual([
      { atMs: START_MS, requests: 3, bytesIn: 15, bytesOut: 100 },
      { atMs: START_MS + MINUTE_MS, ...some },
    ]);
  });

  it('has at most sixty minutes, and none that are over', () => {
    for (let minute = 0; minute < 200; minute += 1) history.add(some, START_MS + minute * MINUTE_MS);
    expect(history.minutes(START_MS + 199 * MINUTE_MS)).toHaveLength(60);
    expect(history.minutes(START_MS + 229 * MINUTE_MS)).toHaveLength(30);
    expect(history.minutes(START_MS + 300 * MINUTE_MS)).toEqual([]);
  });

  it('forgets what lies ahead when the clock is set back', () => {
    history.add(some, START_MS + 30 * MINUTE_MS);
    history.add(some, START_MS);
    expect(history.minutes(START_MS).map(({ atMs }) => atMs)).toEqual([START_MS]);
  });
});
