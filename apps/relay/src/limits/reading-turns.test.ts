import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { ReadingTurns } from './reading-turns.js';

const KIB = 1024;
const TURN_BYTES = 512 * KIB;
/** More than a message. */
const FILE_BYTES = 1024 * KIB;

class Body {
  isPaused = false;
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
}

const bodies = (count: number): Body[] => Array.from({ length: count }, () => new Body());

describe('reading in turns', () => {
  let turns: ReadingTurns;
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    turns = new ReadingTurns();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  /** A turn with nothing left for others. */
  const fill = (): void => turns.read(new Body(), TURN_BYTES, FILE_BYTES);

  it('pauses nobody while a turn has room', async () => {
    const body = new Body();
    for (let i = 0; i < 3; i += 1) {
      turns.read(body, TURN_BYTES, FILE_BYTES);
      expect(body.isPaused).toBe(false);
      await turn();
    }
  });

  it('pauses who comes after that, and reads on after a moment', () => {
    const [first, second] = [new Body(), new Body()];
    turns.read(first, TURN_BYTES, FILE_BYTES);
    turns.read(second, 1, FILE_BYTES);
    expect([first.isPaused, second.isPaused]).toEqual([false, true]);
    jest.advanceTimersByTime(4);
    expect(second.isPaused).toBe(false);
  });

  it('reads on with so many each time, in the order in which they came', () => {
    const files = bodies(20);
    fill();
    for (const file of files) turns.read(file, 64 * KIB, FILE_BYTES);
    const paused: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      jest.advanceTimersByTime(4);
      paused.push(files.findIndex(({ isPaused }) => isPaused));
    }
    expect(paused).toEqual([8, 16, -1]);
  });

  it('reads messages on however many files came before them', () => {
    const files = bodies(100);
    const messages = bodies(16);
    fill();
    for (const file of files) turns.read(file, 64 * KIB, FILE_BYTES);
    for (const message of messages) turns.read(message, KIB, 128 * KIB);
    jest.advanceTimersByTime(4);
    expect(messages.some(({ isPaused }) => isPaused)).toBe(false);
  });

  it('holds up whoever reads in a loop in the same way', async () => {
    const passed: string[] = [];
    const pass = async (name: string): Promise<void> => {
      await turns.pass(64 * KIB, FILE_BYTES);
      passed.push(name);
    };
    const first = pass('first');
    await first;
    fill();
    const second = pass('second');
    await turn();
    expect(passed).toEqual(['first']);
    jest.advanceTimersByTime(4);
    await second;
    expect(passed).toEqual(['first', 'second']);
  });

  it('leaves nobody paused for ever, whatever came in which turns', async () => {
    const piece = fc.record({ bytes: fc.integer({ min: 1, max: TURN_BYTES }), body: fc.integer({ min: 0, max: 29 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(piece, { maxLength: 20 }), { maxLength: 10 }), async (comings) => {
        const all = bodies(30);
        for (const pieces of comings) {
          for (const { bytes, body: index } of pieces) {
            const body = all[index];
            if (body?.isPaused === false) turns.read(body, bytes, index % 2 === 0 ? KIB : FILE_BYTES);
          }
          await turn();
        }
        jest.runAllTimers();
        expect(all.filter(({ isPaused }) => isPaused)).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
