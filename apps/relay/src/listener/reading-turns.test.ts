import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { ReadingTurns } from './reading-turns.js';

const KIB = 1024;

class Body {
  isPaused = false;
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
}

describe('reading in turns', () => {
  it('pauses nobody while a turn has room', async () => {
    const turns = new ReadingTurns();
    const body = new Body();
    for (let i = 0; i < 3; i += 1) {
      turns.read(body, 2048 * KIB);
      expect(body.isPaused).toBe(false);
      await turn();
    }
  });

  it('pauses who comes after that until the next turn', async () => {
    const turns = new ReadingTurns();
    const [first, second] = [new Body(), new Body()];
    turns.read(first, 2048 * KIB);
    turns.read(second, 1);
    expect([first.isPaused, second.isPaused]).toEqual([false, true]);
    await turn();
    expect(second.isPaused).toBe(false);
  });

  it('goes on with so many in a turn, in the order in which they came', async () => {
    const turns = new ReadingTurns();
    const bodies = Array.from({ length: 40 }, () => new Body());
    turns.read(new Body(), 2048 * KIB);
    for (const body of bodies) turns.read(body, 64 * KIB);
    const paused: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      await turn();
      paused.push(bodies.findIndex(({ isPaused }) => isPaused));
    }
    expect(paused).toEqual([16, 32, -1]);
  });
});
