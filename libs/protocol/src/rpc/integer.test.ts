import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { JsonFloat } from '../json.js';
import { integerOf, integerOfText } from './integer.js';

const EDGE = Number.MAX_SAFE_INTEGER;

describe('integerOf', () => {
  it.each([
    [5, 5],
    [-5, -5],
    [2n ** 64n - 1n, EDGE],
    [-(2n ** 63n), -EDGE],
  ])('takes %s as %s', (value, integer) => {
    expect(integerOf(value)).toBe(integer);
  });

  it.each([['5'], [new JsonFloat(5)], [1.5], [Number.NaN], [true], [null], [undefined], [[]]])(
    'refuses %p',
    (value) => {
      expect(integerOf(value)).toBeNull();
    },
  );
});

describe('integerOfText', () => {
  const signed = (text: string): number | null => integerOfText(text, -(2n ** 63n), 2n ** 63n - 1n);
  const unsigned = (text: string): number | null => integerOfText(text, 0n, 2n ** 64n - 1n);

  it('reads what it would write', () => {
    fc.assert(fc.property(fc.maxSafeInteger(), (value) => expect(signed(String(value))).toBe(value)));
  });

  it.each([
    ['-5', -5, null],
    ['007', 7, 7],
    ['9223372036854775807', EDGE, EDGE],
    ['9223372036854775808', null, EDGE],
    ['18446744073709551615', null, EDGE],
    ['18446744073709551616', null, null],
    ['-9223372036854775808', -EDGE, null],
    ['-9223372036854775809', null, null],
  ])('reads %s as %s with a sign and %s without', (text, withSign, without) => {
    expect(signed(text)).toBe(withSign);
    expect(unsigned(text)).toBe(without);
  });

  it.each(['', '-', '+5', ' 5', '5 ', '5x', '0x5', '1e3', '1.0', '--5', '٣'])('refuses %j', (text) => {
    expect(signed(text)).toBeNull();
    expect(unsigned(text)).toBeNull();
  });

  it('refuses a megabyte of digits at once', () => {
    expect(signed('9'.repeat(1_000_000))).toBeNull();
  });
});
