import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesToHex, concatBytes, equalBytes, hexToBytes, utf8 } from './hex.js';

describe('hex', () => {
  it('reads back what was written, in either case', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(bytesToHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
        expect(hexToBytes(bytesToHex(bytes).toUpperCase())).toEqual(bytes);
      }),
    );
  });

  it.each(['a', '0g', '0x', ' 0', '00\n'])('refuses %j', (text) => {
    expect(hexToBytes(text)).toBeNull();
  });
});

describe('byte arrays', () => {
  it('are joined in order', () => {
    expect(concatBytes(utf8('a'), new Uint8Array(), utf8('bc'))).toEqual(utf8('abc'));
  });

  it.each([
    ['abc', 'abc', true],
    ['abc', 'abd', false],
    ['abc', 'ab', false],
  ])('%s and %s are equal: %s', (a, b, equal) => {
    expect(equalBytes(utf8(a), utf8(b))).toBe(equal);
  });
});
