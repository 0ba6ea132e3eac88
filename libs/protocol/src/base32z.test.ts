import { describe, expect, it } from '@jest/globals';
import { encodeBase32z } from './base32z.js';
import { hexToBytes, utf8 } from './hex.js';

describe('base32z', () => {
  it.each([
    ['', ''],
    ['ff', '9h'],
    ['0000', 'yyyy'],
    ['d47a04', '4t7ye'],
  ])('writes %s as %s', (hex, text) => {
    expect(encodeBase32z(hexToBytes(hex) ?? utf8(''))).toBe(text);
  });
});
