import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseEnvFile } from './env-file.js';

describe('parseEnvFile', () => {
  it('reads what shells and container engines write', () => {
    const text = [
      '\uFEFF# a comment',
      '',
      'PLAIN=value',
      'export EXPORTED=1',
      'SPACED = with spaces inside  # and a comment',
      "SINGLE='a # that is no comment'",
      'DOUBLE="two words" # a comment',
      'HASH=a#b',
      'EMPTY=',
      'NOTHING= # a comment',
      'EQUALS=a=b\r',
    ].join('\n');
    expect(parseEnvFile(text, 'file')).toEqual({
      PLAIN: 'value',
      EXPORTED: '1',
      SPACED: 'with spaces inside',
      SINGLE: 'a # that is no comment',
      DOUBLE: 'two words',
      HASH: 'a#b',
      EMPTY: '',
      NOTHING: '',
      EQUALS: 'a=b',
    });
  });

  it.each([
    ['no assignment', 'A=1\nSECRET', 'line 2 is no NAME=value'],
    ['a name that is none', '1A=SECRET', 'line 1 is no NAME=value'],
    ['a name given twice', 'A=SECRET\nA=SECRET', 'line 2 gives A a second time'],
    ['a quote without an end', 'A="SECRET', 'line 1 has a quote that does not end'],
    ['words behind a quote', "A='SECRET' more", 'line 1 has a quote that does not end'],
  ])('refuses %s, and repeats no value', (_name, text, words) => {
    expect(() => parseEnvFile(text, 'file')).toThrow(words);
    expect(() => parseEnvFile(text, 'file')).not.toThrow('SECRET');
  });

  it('gives back every value that was written between single quotes', () => {
    const value = fc.string({ unit: fc.constantFrom('a', 'Z', '0', ' ', '#', '=', '"', '$', '\\', '.', ',') });
    fc.assert(
      fc.property(value, (text) => {
        expect(parseEnvFile(`A='${text}'`, 'file')).toEqual({ A: text });
      }),
    );
  });
});
