import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Rounds } from './rounds.js';

const PAUSE_MS = 1_000;

describe('rounds', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  /** Rounds whose work ends when a test says so. */
  function heldRounds() {
    const held: (() => void)[] = [];
    const rounds = new Rounds(() => new Promise((resolve) => held.push(() => resolve(PAUSE_MS))));
    return { held, rounds };
  }

  it('follow one another, each a pause after the end of the one before', async () => {
    const { held, rounds } = heldRounds();
    rounds.begin(5);
    await jest.advanceTimersByTimeAsync(4);
    expect(held).toHaveLength(0);
    await jest.advanceTimersByTimeAsync(1);
    expect(held).toHaveLength(1);

    await jest.advanceTimersByTimeAsync(10 * PAUSE_MS); // its work takes longer than the pause
    expect(held).toHaveLength(1);
    held[0]?.();
    await jest.advanceTimersByTimeAsync(PAUSE_MS - 1);
    expect(held).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(held).toHaveLength(2);
  });

  it('end with the one that is under way', async () => {
    const { held, rounds } = heldRounds();
    rounds.begin(0);
    await jest.advanceTimersByTimeAsync(0);
    let isOver = false;
    const ending = rounds.end().then(() => (isOver = true));
    await jest.advanceTimersByTimeAsync(PAUSE_MS);
    expect(isOver).toBe(false);
    held[0]?.();
    await ending;
    expect(jest.getTimerCount()).toBe(0);
  });

  it('end at once in a pause, and before the first', async () => {
    const { held, rounds } = heldRounds();
    rounds.begin(PAUSE_MS);
    await rounds.end();
    expect(jest.getTimerCount()).toBe(0);
    rounds.begin(0); // of a service that was told to stop while it started
    expect(jest.getTimerCount()).toBe(0);
    expect(held).toHaveLength(0);
  });
});
