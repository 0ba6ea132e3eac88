import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_TAIL_BYTES, splitData } from './split-data.js';

describe('data that is split', () => {
  it('is the same when it is joined, and its tail fits a record', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 76_800 }), (length) => {
        const data = Buffer.alloc(length, length);
        const { body, tail } = splitData(data);
        expect(Buffer.concat([body, tail]).equals(data)).toBe(true);
        expect(tail.length).toBeLessThanOrEqual(MAX_TAIL_BYTES);
      }),
    );
  });

  it.each([
    ['nothing', 0, 0],
    ['less than a step', 100, 0],
    ['256 bytes: 250 fill the class of 256', 256, 6],
    ['what fills a class', 1_018, 0],
    ['1 KiB: 1,018 fill the class of 1,024', 1_024, 6],
    ['as far above a class as a record has room', 1_031, 13],
    ['further above a class than that', 1_032, 0],
    ['what fills a class between two powers', 1_274, 0],
    ['5 bytes above it', 1_279, 5],
    ['64 KiB, where a string needs more', 65_536, 10],
    ['80 KiB less ten bytes', 81_910, 0],
  ])('%s: %d bytes leave a tail of %d', (_what, length, tail) => {
    expect(splitData(Buffer.alloc(length)).tail).toHaveLength(tail);
  });
});
