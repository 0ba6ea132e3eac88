import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HEAD_BYTES, hashToBytes, hashToText, packMessage, unpackMessage } from './packed-message.js';

describe('a packed message', () => {
  it('gives back time and data, whatever they are', () => {
    const parts = fc.tuple(fc.integer({ min: -32_768, max: 32_767 }), fc.maxSafeInteger(), fc.uint8Array());
    fc.assert(
      fc.property(parts, ([namespace, timestampMs, data]) => {
        const packed = packMessage(namespace, timestampMs, data);
        expect(packed).toHaveLength(HEAD_BYTES + data.length);
        expect(packed.readInt16BE(0)).toBe(namespace);
        expect(unpackMessage(packed)).toEqual({ timestampMs, data: Buffer.from(data) });
      }),
    );
  });
});

describe('a message hash', () => {
  it('is the same text after it was kept as bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const text = hashToText(Buffer.from(bytes));
        expect(text).toHaveLength(43);
        expect(hashToBytes(text)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  const HASH = 'cJvQDsj6mjH8gKZJAkAkGB3BYY7czjRELCOVGqp6Gzw';
  it.each([
    ['padded', `${HASH}=`],
    ['one short', HASH.slice(1)],
    ['in the URL alphabet', `_${HASH.slice(1)}`],
    ['with loose bits at the end', `${HASH.slice(0, -1)}x`],
    ['empty', ''],
    ['with something that is not base64', `${HASH.slice(0, -1)}!`],
  ])('that is %s has no bytes, since no message of ours is called so', (_what, text) => {
    expect(hashToBytes(text)).toBeNull();
  });
});
