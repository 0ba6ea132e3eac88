import { describe, expect, it } from '@jest/globals';
import { NetworkClock } from './clock.js';

const LOCAL_MS = 1_700_000_000_000;
const clock = (): NetworkClock => new NetworkClock({ now: () => LOCAL_MS, monotonicMs: () => 0 });

describe('NetworkClock', () => {
  it('is the local clock until a node was heard', () => {
    expect(clock().now()).toBe(LOCAL_MS);
  });

  it('averages the last ten answers', () => {
    const time = clock();
    time.observe(LOCAL_MS - 1_000_000);
    for (let answer = 0; answer < 10; answer++) time.observe(LOCAL_MS + 100 * answer);
    expect(time.now()).toBe(LOCAL_MS + 450);
  });

  it('ignores nodes that live before 2021', () => {
    const time = clock();
    time.observe(1_609_459_199_999);
    expect(time.offsetMs).toBe(0);
    time.observe(1_609_459_200_000);
    expect(time.now()).toBe(1_609_459_200_000);
  });

  it('forgets on request', () => {
    const time = clock();
    time.observe(LOCAL_MS + 5);
    time.reset();
    expect(time.now()).toBe(LOCAL_MS);
  });
});
