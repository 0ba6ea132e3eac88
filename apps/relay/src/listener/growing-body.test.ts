import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GrowingBody } from './growing-body.js';

const MAX_BYTES = 10 * 1024 * 1024;
/** Node cuts small buffers from a common block. */
const POOL_BYTES = Buffer.poolSize;

describe('a body that grows', () => {
  it('holds what was added, in whatever pieces it came', () => {
    const sizes = fc.array(fc.oneof(fc.nat(200), fc.nat(70_000)), { maxLength: 12 });
    fc.assert(
      fc.property(sizes, (lengths) => {
        const pieces = lengths.map((length, index) => Buffer.alloc(length, index + 1));
        const body = new GrowingBody(MAX_BYTES);
        for (const piece of pieces) body.add(piece);
        expect(body.bytes).toBe(lengths.reduce((sum, length) => sum + length, 0));
        expect(body.finish().equals(Buffer.concat(pieces))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('is the one piece itself where there was only one', () => {
    const piece = Buffer.from('all of it');
    const body = new GrowingBody(MAX_BYTES);
    body.add(piece);
    expect(body.finish()).toBe(piece);
  });

  it('takes as much as it may', () => {
    const body = new GrowingBody(MAX_BYTES);
    for (let i = 0; i < 16; i += 1) body.add(Buffer.alloc(MAX_BYTES / 16, i));
    expect(body.finish()).toHaveLength(MAX_BYTES);
  });

  it.each([Number.NaN, 0, 5_000, 4 * MAX_BYTES])('takes what comes, whatever was announced: %d bytes', (announced) => {
    const body = new GrowingBody(MAX_BYTES, announced);
    for (let i = 0; i < 80; i += 1) body.add(Buffer.alloc(MAX_BYTES / 80, i));
    const whole = body.finish();
    expect(whole).toHaveLength(MAX_BYTES);
    expect([whole[0], whole.at(-1)]).toEqual([0, 79]);
    expect(whole.buffer.byteLength).toBeLessThanOrEqual(MAX_BYTES);
  });

  it('takes for a client that keeps its word no more than what it announced', () => {
    const announced = 4 * 1024 * 1024;
    const body = new GrowingBody(MAX_BYTES, announced);
    for (let i = 0; i < 64; i += 1) body.add(Buffer.alloc(announced / 64, i));
    expect(body.finish().buffer.byteLength).toBe(announced);
  });

  it.each([2, 70, 127])('takes no more memory than it has bytes, with %d KiB as of a message', (kib) => {
    const body = new GrowingBody(MAX_BYTES);
    for (let i = 0; i < kib; i += 1) body.add(Buffer.alloc(1024, i));
    const whole = body.finish();
    expect(whole).toHaveLength(kib * 1024);
    expect(whole.buffer.byteLength).toBeLessThanOrEqual(Math.max(kib * 1024, POOL_BYTES));
  });

  it('is empty when nothing came', () => {
    expect(new GrowingBody(MAX_BYTES).finish()).toHaveLength(0);
  });
});
