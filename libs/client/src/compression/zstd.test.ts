import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { utf8 } from '#protocol';
import { zstdDecompress } from './zstd.js';

const LIMIT = 1_000;
const magic = [0x28, 0xb5, 0x2f, 0xfd];
/** One repeated byte: `count` up to 2^21 - 1. */
const run = (count: number, isLast = true): number[] => {
  const header = (count << 3) | (1 << 1) | (isLast ? 1 : 0);
  return [header & 0xff, (header >> 8) & 0xff, header >> 16, 0x61];
};
const frame = (...bytes: number[]): Uint8Array => Uint8Array.from([...magic, ...bytes]);
/** Single segment, one byte of content size. */
const small = (size: number, ...blocks: number[]): Uint8Array => frame(0x20, size, ...blocks);
/** No content size; the window descriptor says how much memory. */
const open = (window: number, ...blocks: number[]): Uint8Array => frame(0x00, window, ...blocks);

describe('zstdDecompress', () => {
  it('gives the content of a frame', () => {
    expect(zstdDecompress(small(5, ...run(5)), LIMIT)).toEqual(utf8('aaaaa'));
    expect(zstdDecompress(small(4, ...run(2, false), ...run(2)), LIMIT)).toEqual(utf8('aaaa'));
    expect(zstdDecompress(open(0, ...run(5)), LIMIT)).toEqual(utf8('aaaaa'));
    expect(zstdDecompress(frame(0x04, 0, ...run(3), 1, 2, 3, 4), LIMIT)).toEqual(utf8('aaa'));
  });

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['other bytes', utf8('zstd?')],
    ['a header alone', frame(0x20)],
    ['no last block', small(5, ...run(5, false))],
    ['a cut block', small(5, ...run(5)).subarray(0, -1)],
    ['a cut checksum', frame(0x04, 0, ...run(3), 1, 2, 3)],
    ['bytes after the frame', small(5, ...run(5), 0)],
    ['a second frame', Uint8Array.from([...small(5, ...run(5)), ...small(5, ...run(5))])],
    ['a dictionary', frame(0x21, 7, 5, ...run(5))],
    ['a reserved flag', frame(0x28, 5, ...run(5))],
    ['a window of gigabytes', open(0xa8, ...run(5))],
    ['a content of gigabytes', frame(0xa0, 0xff, 0xff, 0xff, 0x7f, ...run(5))],
    ['more than the limit', open(0, ...run(LIMIT + 1))],
    [
      'more than the limit in many blocks',
      open(0, ...Array.from({ length: 20 }, () => run(100, false)).flat(), ...run(1)),
    ],
    ['an unknown kind of block', small(5, 0x2f, 0, 0, 1, 2, 3, 4, 5)],
  ])('gives nothing for %s', (_name, bytes) => {
    expect(zstdDecompress(bytes, LIMIT)).toBeNull();
  });

  it('gives something within the limit or nothing, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const content = zstdDecompress(frame(0x20, 200, ...bytes), LIMIT);
        expect(content === null || content.length <= LIMIT).toBe(true);
      }),
    );
  });
});
