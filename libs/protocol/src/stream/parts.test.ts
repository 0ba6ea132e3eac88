import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bdecode, bencode, InvalidBencode } from '../bencode.js';
import { utf8 } from '../hex.js';
import { decodeMessage, encodeMessage, InvalidMessage } from './parts.js';

describe('a message of parts', () => {
  it('reads back what was written', () => {
    const parts = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 64 });
    fc.assert(fc.property(parts, (value) => expect(decodeMessage(encodeMessage(value))).toEqual(value)));
  });

  it('is a bencoded list, text as UTF-8', () => {
    expect(encodeMessage(['REPLY', Uint8Array.from([0x31]), 'ö'])).toEqual(utf8('l5:REPLY1:12:öe'));
  });

  it.each([
    '',
    'l',
    'le',
    'd1:a1:be',
    '4:info',
    'l4:infoee',
    'l4:infoe ',
    'l4:inf',
    'li1ee',
    'lle',
    'l04:infoe',
    'l:e',
  ])('is not %j', (text) => {
    expect(() => decodeMessage(utf8(text))).toThrow(InvalidMessage);
  });

  it('has at most 64 parts, however small they are', () => {
    expect(decodeMessage(utf8(`l${'0:'.repeat(64)}e`))).toHaveLength(64);
    expect(() => decodeMessage(utf8(`l${'0:'.repeat(65)}e`))).toThrow(InvalidMessage);
  });

  it('is read as bencode reads it, or refused', () => {
    const noise = fc
      .array(fc.constantFrom('l', 'e', '0:', '1:', '3:', 'abc', 'i1e', 'd', '9'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(noise, (text) => {
        const bytes = utf8(text);
        try {
          expect(bencode(decodeMessage(bytes))).toEqual(bytes);
        } catch (cause) {
          expect(cause).toBeInstanceOf(InvalidMessage);
          expect(isListOfStrings(bytes)).toBe(false);
        }
      }),
    );
  });
});

function isListOfStrings(bytes: Uint8Array): boolean {
  try {
    const value = bdecode(bytes);
    return Array.isArray(value) && value.length > 0 && value.every((part) => part instanceof Uint8Array);
  } catch (cause) {
    if (cause instanceof InvalidBencode) return false;
    throw cause;
  }
}
