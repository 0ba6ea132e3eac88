import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesToHex, hexToBytes } from '#protocol';
import { clientMessageVectors } from '../../../../test/vectors/client-messages.js';
import { padContent, stripPadding } from './padding.js';

const bytes = (hex: string): Uint8Array => hexToBytes(hex) ?? new Uint8Array();

describe('padding', () => {
  it.each(clientMessageVectors.messages)('of vector $name is the one of libsession, and both kinds strip', (vector) => {
    const content = bytes(vector.content);
    expect(bytesToHex(padContent(content))).toBe(vector.padded_libsession);
    for (const padded of [vector.padded_libsession, vector.padded_legacy]) {
      expect(stripPadding(bytes(padded))).toEqual({ content, wasPadded: true });
    }
  });

  it('ends with a zero on a multiple of 160, one byte more than older clients make', () => {
    for (let length = 0; length < 1000; length++) {
      const padded = padContent(new Uint8Array(length).fill(0xff));
      expect(padded.length).toBe(Math.ceil((length + 2) / 160) * 160);
      expect(padded.at(-1)).toBe(0);
    }
  });

  it('comes off again, whatever the content', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (content) => {
        expect(stripPadding(padContent(content))).toEqual({ content, wasPadded: true });
      }),
    );
  });

  it('is not required: an unpadded content is taken as it is', () => {
    const content = bytes('0a0b0c');
    expect(stripPadding(content)).toEqual({ content, wasPadded: false });
  });

  it('of nothing but zeros is invalid', () => {
    expect(stripPadding(new Uint8Array(160))).toBeNull();
  });
});
