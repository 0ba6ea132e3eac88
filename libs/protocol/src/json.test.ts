import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { utf8 } from './hex.js';
import { InvalidJson, isJsonObject, JsonFloat, parseJson, stringifyJson, type JsonValue } from './json.js';

const leaf = fc.oneof(fc.maxSafeInteger(), fc.string({ unit: 'grapheme' }), fc.boolean(), fc.constant(null));

describe('parseJson', () => {
  it('reads what JSON.parse reads', () => {
    const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('value')),
        fc.dictionary(fc.string({ unit: 'grapheme' }), tie('value')),
      ),
    }));
    fc.assert(
      fc.property(values, fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(parseJson(text)).toEqual(JSON.parse(text));
        expect(parseJson(utf8(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['0', 0],
    ['-0', 0],
    ['-12', -12],
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740993', 9_007_199_254_740_993n],
    ['18446744073709551615', 18_446_744_073_709_551_615n],
    ['-9223372036854775808', -9_223_372_036_854_775_808n],
  ])('reads the integer %s exactly', (text, value) => {
    expect(parseJson(text)).toBe(value);
  });

  it.each([
    ['1.0', 1],
    ['1e3', 1_000],
    ['1.7E12', 1.7e12],
    ['0.5', 0.5],
    ['18446744073709551616', 2 ** 64],
    ['-9223372036854775809', -(2 ** 63)],
  ])('does not take %s for an integer', (text, value) => {
    expect(parseJson(text)).toEqual(new JsonFloat(value));
  });

  it('skips one byte order mark and white space around the value', () => {
    expect(parseJson(utf8('\ufeff {"a" : [ 1 , 2 ] }\r\n\t '))).toEqual({ a: [1, 2] });
  });

  it('counts the keys of all objects together, when it is told to', () => {
    const text = '{"a":{"b":[{"c":1},{"c":2}]},"a":3}';
    expect(parseJson(text, { keys: 5, values: Infinity })).toEqual({ a: 3 });
    expect(() => parseJson(text, { keys: 4, values: Infinity })).toThrow(InvalidJson);
  });

  it('counts all values, objects and arrays among them, when it is told to', () => {
    const text = '{"a":[1,{"b":"c"},null]}';
    expect(parseJson(text, { keys: Infinity, values: 6 })).toEqual({ a: [1, { b: 'c' }, null] });
    expect(() => parseJson(text, { keys: Infinity, values: 5 })).toThrow(InvalidJson);
  });

  it('lets the last of equal keys win and treats __proto__ as any other', () => {
    expect(parseJson('{"a":1,"a":2}')).toEqual({ a: 2 });
    const value = parseJson('{"__proto__":{"polluted":true},"toString":1}');
    expect(Object.keys(value as object)).toEqual(['__proto__', 'toString']);
    expect(Object.getPrototypeOf(value)).toBeNull();
  });

  it.each([
    ['nothing', ''],
    ['white space', ' \n'],
    ['two values', '1 2'],
    ['two byte order marks', '\ufeff\ufeff1'],
    ['a trailing comma', '[1,]'],
    ['a missing comma', '[1 2]'],
    ['a missing colon', '{"a" 1}'],
    ['a key without quotes', '{a:1}'],
    ['a comment', '{/* */}'],
    ['NaN', 'NaN'],
    ['a number that starts with zero', '01'],
    ['a number that ends early', '1.'],
    ['a plus sign', '+1'],
    ['a number beyond any double', '1e999'],
    ['a bare word', 'truth'],
    ['an open string', '"abc'],
    ['a string that ends in a backslash', '"abc\\"'],
    ['a raw line break in a string', '"a\nb"'],
    ['an unknown escape', '"\\x41"'],
    ['half a surrogate pair', '"\\ud800"'],
    ['an open list', '[[1]'],
    ['33 nested lists', '['.repeat(33) + ']'.repeat(33)],
    ['a long number', '9'.repeat(400)],
  ])('refuses %s', (_name, text) => {
    expect(() => parseJson(text)).toThrow(InvalidJson);
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => parseJson(Uint8Array.from([0x22, 0xc3, 0x28, 0x22]))).toThrow(InvalidJson);
    expect(() => parseJson(Uint8Array.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toThrow(InvalidJson);
  });

  it('reads an escaped quote and a backslash before the end', () => {
    expect(parseJson('["a\\"b","c\\\\","\\ud83d\\ude00"]')).toEqual(['a"b', 'c\\', '😀']);
  });

  it('reads any bytes or says that it cannot', () => {
    const almostJson = fc.stringMatching(/^[{}[\]",:\\ue0-9.+tfn -]{0,20}$/);
    fc.assert(fc.property(fc.oneof(fc.uint8Array(), almostJson), (input) => void reads(input)));
  });

  it('accepts only what JSON.parse accepts', () => {
    const almostJson = fc.stringMatching(/^[{}[\]",:\\ue01.+ -]{0,12}$/);
    fc.assert(
      fc.property(almostJson, (text) => {
        if (reads(text)) JSON.parse(text);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('stringifyJson', () => {
  it('reads back what was written, exact integers included', () => {
    const exact = fc.oneof(leaf, fc.bigInt(-(2n ** 63n), 2n ** 64n - 1n));
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof({ maxDepth: 4 }, exact, fc.array(tie('value')), fc.dictionary(fc.string(), tie('value'))),
    }));
    fc.assert(
      fc.property(value, (original) => {
        const text = stringifyJson(original as JsonValue);
        expect(stringifyJson(parseJson(text))).toBe(text);
      }),
    );
  });

  it('writes text as the engine does, whatever is in it and however long it is', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'binary-ascii', maxLength: 4 }),
      fc.string({ unit: fc.constantFrom('a', '"', '\\', '\u007f', '\ud800', '\u2028', '\n', '~', ' ') }),
    );
    fc.assert(fc.property(text, (original) => expect(stringifyJson(original)).toBe(JSON.stringify(original))));
  });

  it('sorts keys, writes no spaces and leaves out what is undefined', () => {
    expect(stringifyJson({ b: [1, null, true], a: { y: undefined, x: 2n ** 64n - 1n }, '"': new JsonFloat(0.5) })).toBe(
      '{"\\"":0.5,"a":{"x":18446744073709551615},"b":[1,null,true]}',
    );
  });
});

describe('isJsonObject', () => {
  it.each([
    [{}, true],
    [[], false],
    [null, false],
    ['x', false],
    [new JsonFloat(1), false],
    [undefined, false],
  ])('%j: %s', (value, expected) => {
    expect(isJsonObject(value)).toBe(expected);
  });
});

/** False when it is refused; any other error fails the test. */
function reads(input: string | Uint8Array): boolean {
  try {
    parseJson(input);
    return true;
  } catch (cause) {
    expect(cause).toBeInstanceOf(InvalidJson);
    return false;
  }
}
