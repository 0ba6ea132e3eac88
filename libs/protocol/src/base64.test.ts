import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeBase64, encodeBase64, encodeBase64Unpadded } from './base64.js';
import { utf8 } from './hex.js';

describe('base64', () => {
  it('writes what every other implementation writes and reads it back with and without padding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const expected = Buffer.from(bytes).toString('base64');
        expect(encodeBase64(bytes)).toBe(expected);
        expect(encodeBase64Unpadded(bytes)).toBe(expected.replace(/=+$/, ''));
        expect(decodeBase64(expected)).toEqual(bytes);
        expect(decodeBase64(encodeBase64Unpadded(bytes))).toEqual(bytes);
      }),
    );
  });

  it.each(['YWJjZA==', 'YWJjZA', 'YWJjZB', 'YWJjZP'])('reads %s as abcd: leftover bits do not count', (text) => {
    expect(decodeBase64(text)).toEqual(utf8('abcd'));
  });

  it.each([
    'A',
    'AAAAA',
    'YWJjZA=',
    'YWJj=',
    'YW==Jj',
    '=',
    '==',
    '====',
    'A===',
    'YW J',
    'YWJ_',
    'YWJ-',
    'YWJé',
    'YWJ\u0141',
    'AA\n',
  ])('refuses %j', (text) => {
    expect(decodeBase64(text)).toBeNull();
  });

  it.each([76_799, 76_800, 76_801, 200_000])('reads %d bytes, and keeps what it read before', (length) => {
    const earlier = decodeBase64('YWJjZA');
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 31) % 251);
    expect(Buffer.from(bytes).equals(decodeBase64(encodeBase64(bytes)) ?? Buffer.alloc(0))).toBe(true);
    expect(decodeBase64(`${encodeBase64Unpadded(bytes)}\u0141AAA`)).toBeNull();
    expect(earlier).toEqual(utf8('abcd'));
  });

  it('does not read on into what stood there before', () => {
    expect(decodeBase64('A'.repeat(100))).toHaveLength(75);
    expect(decodeBase64('YWJjé')).toBeNull();
    expect(decodeBase64('YWJjZA')).toEqual(utf8('abcd'));
  });

  it('reads any text or says that it cannot', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = decodeBase64(text);
        if (bytes !== null) expect(bytes).toEqual(new Uint8Array(Buffer.from(text, 'base64')));
      }),
    );
  });
});
