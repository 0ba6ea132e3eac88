import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hashToBytes, hashToText, nameInRecord, readMessage, sizeInRecord } from './message-record.js';

/** As records.lua packs it. */
function record(parts: { namespace: number; hash: Buffer; timestampMs: number; size: number; tail: Buffer }): Buffer {
  const fixed = Buffer.alloc(51);
  fixed.writeUInt16BE(parts.namespace + 32_768, 0);
  fixed.writeUIntBE(1_764_000_000, 3, 6);
  fixed.set(parts.hash, 9);
  Buffer.from(parts.timestampMs.toString(16).padStart(14, '0'), 'hex').copy(fixed, 41);
  fixed.writeUIntBE(parts.size, 48, 3);
  return Buffer.concat([fixed, parts.tail]);
}

describe('a record', () => {
  it('gives back name, time, size and data, whatever they are', () => {
    const parts = fc.record({
      namespace: fc.integer({ min: -32_768, max: 32_767 }),
      hash: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes)),
      timestampMs: fc.maxSafeInteger().map(Math.abs),
      size: fc.integer({ min: 0, max: 2 ** 24 - 1 }),
      tail: fc.uint8Array({ maxLength: 13 }).map((bytes) => Buffer.from(bytes)),
    });
    fc.assert(
      fc.property(parts, fc.uint8Array(), (each, body) => {
        const packed = record(each);
        const hash = hashToText(each.hash);
        expect(nameInRecord(packed)).toEqual({ hash, namespace: each.namespace });
        expect(sizeInRecord(packed)).toBe(each.size);
        expect(readMessage(packed, Buffer.from(body), Buffer.from('1764000000001'))).toEqual({
          hash,
          timestampMs: each.timestampMs,
          expiryMs: 1_764_000_000_001,
          data: Buffer.concat([body, each.tail]),
        });
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
