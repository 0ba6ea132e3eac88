import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bdecode, bencode, InvalidBencode, type Bencodable, type BValue } from './bencode.js';
import { utf8 } from './hex.js';

const text = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);

describe('bencode', () => {
  it.each<[string, Bencodable]>([
    ['i0e', 0],
    ['i-5e', -5],
    ['i18446744073709551615e', 2n ** 64n - 1n],
    ['i1e', true],
    ['i0e', false],
    ['4:\xc3\xa9ab', 'éab'],
    ['0:', new Uint8Array()],
    ['li1e1:ae', [1, 'a']],
    ['d1:Bi1e1:ai2e1:bi3ee', { b: 3, a: 2, B: 1, gone: undefined }],
    [
      'd1:@1:x1:~1:ye',
      new Map([
        ['~', 'y'],
        ['@', 'x'],
      ]),
    ],
  ])('writes %s', (expected, value) => {
    expect(text(bencode(value))).toBe(expected);
  });

  it.each([[{ é: 1, '\u0141': 2 }], [{ '😀': 1 }], [1.5]])('has no form for %j', (value) => {
    expect(() => bencode(value)).toThrow(RangeError);
  });

  it('reads back what was written', () => {
    const { value } = fc.letrec<{ value: BValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.maxSafeInteger(),
        fc.oneof(fc.bigInt(2n ** 53n, 2n ** 64n - 1n), fc.bigInt(-(2n ** 63n), -(2n ** 53n))),
        fc.uint8Array(),
        fc.array(tie('value')),
        fc
          .dictionary(fc.string({ unit: 'binary-ascii' }), tie('value'))
          .map((members) => new Map(Object.entries(members))),
      ),
    }));
    fc.assert(fc.property(value, (original) => expect(bdecode(bencode(original))).toEqual(original)));
  });
});

describe('bdecode', () => {
  it('gives views into its input', () => {
    const input = utf8('3:abc');
    expect((bdecode(input) as Uint8Array).buffer).toBe(input.buffer);
  });

  it.each([
    ['i0e', 0],
    [`i${'9'.repeat(15)}e`, 10 ** 15 - 1],
    [`i1${'0'.repeat(15)}e`, 10 ** 15],
    ['i-999999999999999e', 1 - 10 ** 15],
    ['i9007199254740992e', 2n ** 53n],
  ])('reads the integer %s', (written, value) => expect(bdecode(utf8(written))).toBe(value));

  it('reads as many values as it is told, and no more than the largest call has', () => {
    const list = (items: number): Uint8Array => utf8(`l${'0:'.repeat(items)}e`);
    expect(bdecode(list(199_999))).toHaveLength(199_999);
    expect(() => bdecode(list(200_000))).toThrow('too many values');
    expect(bdecode(list(3), 4)).toHaveLength(3);
    expect(() => bdecode(list(4), 4)).toThrow('too many values');
  });

  it.each([
    ['nothing', ''],
    ['two values', 'i1ei2e'],
    ['an integer without digits', 'ie'],
    ['a leading zero', 'i01e'],
    ['two zeros', 'i00e'],
    ['a leading zero before fifteen digits', `i0${'9'.repeat(15)}e`],
    ['minus zero', 'i-0e'],
    ['a plus sign', 'i+1e'],
    ['a fraction', 'i1.5e'],
    ['an open integer', 'i12'],
    ['an integer beyond 64 bits', 'i18446744073709551616e'],
    ['a very long integer', `i${'9'.repeat(1_000)}e`],
    ['a string that ends early', '5:abc'],
    ['a length with a leading zero', '03:abc'],
    ['a length of two zeros', '00:'],
    ['a length without digits', ':'],
    ['a length without its colon', '3'],
    ['a length with a space', '1 :a'],
    ['a length that ends in a letter', '1a:a'],
    ['a length of eleven digits', '00000000001:a'],
    ['a negative length', '-1:a'],
    ['an absurd length', '99999999999999999999:a'],
    ['an open list', 'li1e'],
    ['an open dictionary', 'd1:a'],
    ['a key without value', 'd1:ae'],
    ['a key that is no string', 'di1ei2ee'],
    ['keys out of order', 'd1:bi1e1:ai2ee'],
    ['equal keys', 'd1:ai1e1:ai2ee'],
    ['a key of 2 kB', `d2000:${'k'.repeat(2_000)}i1ee`],
    ['34 nested lists', 'l'.repeat(34) + 'e'.repeat(34)],
    ['an unknown letter', 'x'],
  ])('refuses %s', (_name, input) => {
    expect(() => bdecode(utf8(input))).toThrow(InvalidBencode);
  });

  it('reads any bytes, and what it reads has no other form; or says that it cannot', () => {
    const almost = fc.stringMatching(/^[dlei0-3:ab-]{0,24}$/).map(utf8);
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), almost), (input) => {
        let value: BValue;
        try {
          value = bdecode(input);
        } catch (cause) {
          expect(cause).toBeInstanceOf(InvalidBencode);
          return;
        }
        expect(bencode(value)).toEqual(new Uint8Array(input));
      }),
      { numRuns: 2_000 },
    );
  });
});
