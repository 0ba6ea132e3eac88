import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SetClock } from '#testing';
import { MAX_BODY_BYTES } from '../limits/budget.js';
import { LARGE_BYTES } from '../limits/load.js';
import { BoundedLine } from './bounded-line.js';

/** Eight megabits a second. */
const BYTES_PER_MS = 1_000;
const BURST = 4_000_000;
const HALF = BURST / 2;
const FILES_DEBT = 2 * MAX_BODY_BYTES;
const MESSAGE = 2_000;
const FILE = 1_000_000;
const PIECE = 64 * 1024;

describe('a bounded line', () => {
  let clock: SetClock;
  let line: BoundedLine;
  beforeEach(() => {
    clock = new SetClock();
    line = new BoundedLine(clock, BYTES_PER_MS);
  });

  /** Bytes that were taken in bodies of so many, one after the other, until one is not admitted. */
  const fill = (bytes: number): number => {
    let taken = 0;
    while (line.admits(bytes)) {
      line.receive(bytes, 0, bytes);
      taken += bytes;
    }
    return taken;
  };

  it('takes a burst of messages, and no file afterwards', () => {
    expect(fill(MESSAGE)).toBe(BURST);
    expect(line.admits(FILE)).toBe(false);
  });

  it('takes half a burst of files, and messages as before', () => {
    expect(fill(FILE)).toBe(HALF);
    expect(fill(MESSAGE)).toBe(HALF);
  });

  it('lets files wait until what they took too much is paid, and messages meanwhile have their half of the rate', () => {
    line.receive(MAX_BODY_BYTES, 0, MAX_BODY_BYTES);
    fill(MESSAGE);
    clock.ms += 1_000;
    expect(fill(MESSAGE)).toBe(500_000);
    expect(line.admits(FILE)).toBe(false);
    const debt = MAX_BODY_BYTES - HALF - 500_000; // one second of its half is paid
    clock.ms += Math.floor(debt / (BYTES_PER_MS / 2)) - 4_000; // messages are full again after four, and give theirs
    expect(line.admits(FILE)).toBe(true);
  });

  it('gives messages the whole rate where there are no files, and files where there are no messages', () => {
    fill(MESSAGE);
    clock.ms += 10_000;
    expect(fill(FILE)).toBe(HALF);
    clock.ms += 3_000; // messages are full: everything goes to files
    expect(fill(FILE)).toBe(HALF);
    expect(fill(MESSAGE)).toBe(HALF);
  });

  it('counts what is sent as what is received', () => {
    line.send(HALF);
    expect(line.admits(FILE)).toBe(false);
    for (let sent = 0; sent < HALF; sent += MESSAGE) line.send(MESSAGE);
    expect(line.admits(MESSAGE)).toBe(false);
  });

  it('finds out with its 128 KiB that a body of unknown length is a file, and takes nothing from messages for it', () => {
    const receive = (): boolean[] =>
      Array.from({ length: 4 }, (_, at) => line.receive(LARGE_BYTES / 2, (at * LARGE_BYTES) / 2));
    expect(receive()).toEqual([true, true, true, true]);
    fill(FILE);
    expect(receive()).toEqual([true, true, false, true]);
    expect(fill(MESSAGE)).toBe(HALF);
  });

  it('cuts off a file when files have taken one of the largest, in and out, too much', () => {
    let taken = 0;
    while (line.receive(PIECE, taken, 10 * FILES_DEBT)) taken += PIECE;
    expect(Math.abs(taken - HALF - FILES_DEBT)).toBeLessThanOrEqual(PIECE);
  });

  it('takes for messages what connections moved beyond the bodies, once', () => {
    line.receive(MESSAGE, 0, MESSAGE);
    line.settle(MESSAGE + 100);
    line.send(10_000);
    line.settle(4_000); // the rest is on its way
    line.settle(6_000);
    fill(FILE);
    expect(fill(100)).toBe(HALF - MESSAGE - 100 - 10_000);
  });

  it('refuses copies too when it was not enough to refuse everything else, and forgives what is older than a minute', () => {
    fill(FILE);
    line.settle(HALF + HALF + 8_000_000);
    expect(line.isOverdrawn).toBe(false);
    line.settle(1);
    expect(line.isOverdrawn).toBe(true);
    line.settle(1_000_000_000);
    clock.ms += 62_000; // four seconds until files are full, and from then on everything goes to messages
    expect(fill(MESSAGE)).toBe(HALF);
    clock.ms += 4_000;
    expect(fill(MESSAGE)).toBe(BURST);
  });

  it('moves no more than its rate and a burst, over any sequence, but for what was under way', () => {
    const step = fc.oneof(
      fc.record({ waitMs: fc.integer({ min: 0, max: 20_000 }) }),
      fc.record({ bytes: fc.integer({ min: 1, max: LARGE_BYTES }), announced: fc.boolean(), out: fc.boolean() }),
      fc.record({
        bytes: fc.integer({ min: LARGE_BYTES, max: MAX_BODY_BYTES }),
        announced: fc.boolean(),
        out: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.array(step, { maxLength: 200 }), (rate, steps) => {
        const own = new SetClock();
        const startMs = own.ms;
        const bounded = new BoundedLine(own, rate);
        let moved = 0;
        for (const each of steps) {
          if ('waitMs' in each) {
            own.ms += each.waitMs;
            continue;
          }
          moved += transfer(bounded, each);
          const underWay = FILES_DEBT + MAX_BODY_BYTES + 4 * LARGE_BYTES;
          expect(moved).toBeLessThanOrEqual(rate * (own.ms - startMs) + rate * 4_000 + underWay);
        }
      }),
    );
  });

  it('admits messages as its half of the rate allows, whatever files do', () => {
    const rounds = fc.array(fc.array(fc.integer({ min: LARGE_BYTES + 1, max: MAX_BODY_BYTES }), { maxLength: 5 }), {
      minLength: 1,
      maxLength: 50,
    });
    fc.assert(
      fc.property(rounds, (all) => {
        const own = new SetClock();
        const bounded = new BoundedLine(own, BYTES_PER_MS);
        for (const files of all) {
          own.ms += 1_000;
          for (const bytes of files) transfer(bounded, { bytes, announced: true, out: true });
          let moved = 0;
          for (let at = 0; at < 25; at += 1) moved += transfer(bounded, { bytes: 10_000, announced: true, out: true });
          expect(moved).toBe(500_000);
        }
      }),
    );
  });
});

/** A body that comes in pieces, and maybe goes out again; the bytes that moved. */
function transfer(line: BoundedLine, body: { bytes: number; announced: boolean; out: boolean }): number {
  const { bytes, announced, out } = body;
  if (!line.admits(announced ? bytes : 0)) return 0;
  let come = 0;
  while (come < bytes) {
    const piece = Math.min(PIECE, bytes - come);
    const goesOn = line.receive(piece, come, announced ? bytes : 0);
    come += piece;
    if (!goesOn) return come;
  }
  if (!out) return bytes;
  line.send(bytes);
  return 2 * bytes;
}
