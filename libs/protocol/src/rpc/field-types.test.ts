import { describe, expect, it } from '@jest/globals';
import type { BValue } from '../bencode.js';
import { InvalidRequest } from '../errors.js';
import { utf8 } from '../hex.js';
import { JsonFloat, type JsonValue } from '../json.js';
import {
  BOOLEAN,
  INTEGER,
  INTEGER_OR_TEXT,
  NAMESPACE,
  POSITIVE_OR_TEXT,
  STRING,
  STRING_LIST,
  TIMESTAMP,
} from './field-types.js';
import { BtParams, JsonParams, readFields, type FieldType } from './params.js';

const json = (type: FieldType<unknown>, value: JsonValue): unknown => new JsonParams({ x: value }).field('x', type);
const bt = (type: FieldType<unknown>, value: BValue): unknown => new BtParams(new Map([['x', value]])).field('x', type);
const expected = (type: string): string => `invalid request: Invalid value given for 'x': expected ${type}`;
const badText = (value: string): string => `invalid request: Invalid value given for 'x': ${JSON.stringify(value)}`;
const OUT_OF_RANGE = "invalid request: Invalid value given for 'x': value out of range";
const NOT_MILLISECONDS = "invalid request: Invalid timestamp for 'x': timestamp must be in milliseconds";

describe('a field in JSON', () => {
  it.each<[string, FieldType<unknown>, JsonValue, unknown]>([
    ['a string', STRING, 'abc', 'abc'],
    ['an empty string', STRING, '', ''],
    ['an integer', INTEGER, -7, -7],
    ['a number as an integer or text', INTEGER_OR_TEXT, -7, -7],
    ['text as an integer or text', INTEGER_OR_TEXT, '-7', -7],
    ['text as a positive integer', POSITIVE_OR_TEXT, '7', 7],
    ['a time', TIMESTAMP, 1_700_000_000_000, 1_700_000_000_000],
    ['the earliest time', TIMESTAMP, 1_000_000_000, 1_000_000_000],
    ['true', BOOLEAN, true, true],
    ['the lowest namespace', NAMESPACE, -32_768, -32_768],
    ['the highest namespace', NAMESPACE, 32_767, 32_767],
    ['a list of strings', STRING_LIST, ['a', 'b'], ['a', 'b']],
    ['an empty list', STRING_LIST, [], []],
    ['one string as a list', STRING_LIST, 'a', ['a']],
    ['null as nothing', STRING, null, null],
  ])('reads %s', (_name, type, value, result) => {
    expect(json(type, value)).toEqual(result);
  });

  it.each<[string, FieldType<unknown>, JsonValue, string]>([
    ['a number for a string', STRING, 5, expected('string')],
    ['text for an integer', INTEGER, '5', expected('integer')],
    ['a fraction for an integer', INTEGER, new JsonFloat(5), expected('integer')],
    ['a boolean for an integer or text', INTEGER_OR_TEXT, true, expected('integer')],
    ['a fraction for an integer or text', INTEGER_OR_TEXT, new JsonFloat(1.7e12), expected('integer')],
    ['bad text for an integer', INTEGER_OR_TEXT, '12x', badText('12x')],
    ['a minus for a positive integer', POSITIVE_OR_TEXT, -5, expected('positive integer')],
    ['a minus in text for a positive integer', POSITIVE_OR_TEXT, '-5', badText('-5')],
    ['text that needs quoting', POSITIVE_OR_TEXT, '"\n', badText('"\n')],
    ['text for a time', TIMESTAMP, '1700000000000', expected('integer timestamp (in milliseconds)')],
    ['a negative time', TIMESTAMP, -5, expected('integer timestamp (in milliseconds)')],
    ['a time in seconds of 2001', TIMESTAMP, 999_999_999, NOT_MILLISECONDS],
    ['text for a boolean', BOOLEAN, 'yes', expected('boolean')],
    ['1 for a boolean', BOOLEAN, 1, expected('boolean')],
    ['a word for a namespace', NAMESPACE, 'all', expected('16-bit integer')],
    ['a namespace too high', NAMESPACE, 32_768, OUT_OF_RANGE],
    ['a namespace far too low', NAMESPACE, -(2n ** 63n), OUT_OF_RANGE],
    ['an object for a list', STRING_LIST, {}, expected('string array')],
    ['a list with a number', STRING_LIST, ['a', 1], expected('string array')],
    ['a list with null', STRING_LIST, [null], expected('string array')],
  ])('refuses %s', (_name, type, value, text) => {
    expect(() => json(type, value)).toThrow(InvalidRequest);
    expect(() => json(type, value)).toThrow(text);
  });

  it('shows no more than a part of a very long text', () => {
    expect(() => json(POSITIVE_OR_TEXT, 'x'.repeat(5_000))).toThrow(badText('x'.repeat(1_000)));
  });
});

describe('a field in bencode', () => {
  it.each<[string, FieldType<unknown>, BValue, unknown]>([
    ['bytes', STRING, utf8('abc'), utf8('abc')],
    ['an integer', INTEGER_OR_TEXT, -7, -7],
    ['a time in seconds: the guard is for JSON', TIMESTAMP, 5, 5],
    ['1', BOOLEAN, 1, true],
    ['0', BOOLEAN, 0, false],
    ['a namespace', NAMESPACE, -10, -10],
    ['a list', STRING_LIST, [utf8('a')], [utf8('a')]],
    ['one string as a list', STRING_LIST, utf8('a'), [utf8('a')]],
  ])('reads %s', (_name, type, value, result) => {
    expect(bt(type, value)).toEqual(result);
  });

  it.each<[string, FieldType<unknown>, BValue, string]>([
    ['a list for a string', STRING, [], expected('string')],
    ['text for an integer', INTEGER_OR_TEXT, utf8('5'), expected('integer')],
    ['2 for a boolean', BOOLEAN, 2, expected('boolean')],
    ['a namespace too high', NAMESPACE, 32_768, expected('16-bit integer')],
    ['a dictionary for a namespace', NAMESPACE, new Map(), expected('16-bit integer')],
    ['a list with an integer', STRING_LIST, [1], expected('string array')],
  ])('refuses %s', (_name, type, value, text) => {
    expect(() => bt(type, value)).toThrow(text);
  });
});

describe('readFields', () => {
  it('reports the first wrong type in byte order of the names', () => {
    const types = { b: INTEGER, a: INTEGER, B: INTEGER };
    expect(() => readFields(new JsonParams({ a: '', b: '', B: '' }), types)).toThrow("'B'");
    expect(() => readFields(new JsonParams({ a: '', b: '' }), types)).toThrow("'a'");
  });

  it('gives null for what is absent and ignores what it was not asked for', () => {
    expect(readFields(new JsonParams({ other: {} }), { a: INTEGER })).toEqual({ a: null });
    expect(readFields(new BtParams(new Map()), { a: INTEGER })).toEqual({ a: null });
  });
});
