import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesToHex, hexToBytes, noblePrimitives as p } from '#protocol';
import { clientMessageVectors } from '../../../../test/vectors/client-messages.js';
import type { AttachmentVector } from '../../../../test/vectors/client-messages.js';
import { openAttachment, paddedSize, sealAttachment } from './legacy-attachment.js';
import { openProfilePicture, sealProfilePicture } from './profile-picture.js';
import { SecretStream, STREAM_TAG } from './secret-stream.js';
import { openStream, sealStream, STREAM_USE } from './stream-attachment.js';

const bytes = (hex: string | undefined): Uint8Array => hexToBytes(hex ?? '') ?? new Uint8Array();
const counting = (size = 0): Uint8Array => Uint8Array.from({ length: size }, (_, index) => index % 256);
const vectors = (prefix: string): AttachmentVector[] =>
  clientMessageVectors.attachments.filter(({ name }) => name.startsWith(prefix));
const flipped = (blob: Uint8Array, at: number): Uint8Array =>
  blob.map((byte, index) => (index === at ? byte ^ 1 : byte));

/** Gives the stated random values one after the other. */
function giving(...values: (string | undefined)[]): (length: number) => Uint8Array {
  const rest = values.map(bytes);
  return () => rest.shift() ?? new Uint8Array();
}

describe.each(vectors('legacy-'))('attachment vector $name', (vector) => {
  const file = counting(vector.plaintext_size);
  const pointer = { key: bytes(vector.key), digest: bytes(vector.digest), size: file.length };

  it('is made to the same bytes and opened again', () => {
    expect(paddedSize(file.length)).toBe(vector.padded_size);
    const sealed = sealAttachment(p, giving(vector.key, vector.iv), file);
    expect(bytesToHex(sealed.blob)).toBe(vector.blob);
    expect(bytesToHex(sealed.digest)).toBe(vector.digest);
    expect(openAttachment(p, sealed.blob, pointer)).toEqual(file);
  });

  it('is refused when anything does not fit', () => {
    const blob = bytes(vector.blob);
    expect(openAttachment(p, flipped(blob, 20), pointer)).toBeNull();
    expect(openAttachment(p, blob.subarray(0, 47), pointer)).toBeNull();
    expect(openAttachment(p, blob, { ...pointer, digest: new Uint8Array() })).toBeNull();
    expect(openAttachment(p, blob, { ...pointer, key: pointer.key.subarray(1) })).toBeNull();
    expect(openAttachment(p, blob, { ...pointer, size: 0 })).toBeNull();
    expect(openAttachment(p, blob, { ...pointer, size: 5_000 })).toBeNull();
  });
});

describe('an attachment', () => {
  it('of a link preview is not padded', () => {
    const { blob, key, digest } = sealAttachment(p, (length) => new Uint8Array(length), counting(100), {
      isPadded: false,
    });
    expect(blob.length).toBe(16 + 112 + 32);
    expect(openAttachment(p, blob, { key, digest, size: 100 })).toEqual(counting(100));
  });

  it('cannot be empty', () => {
    expect(() => sealAttachment(p, (length) => new Uint8Array(length), new Uint8Array())).toThrow(RangeError);
    expect(() => sealStream(new Uint8Array(32), new Uint8Array(), STREAM_USE.attachment)).toThrow(RangeError);
  });

  it('never grows beyond what servers take', () => {
    expect(paddedSize(9_999_999)).toBe(10_000_000);
    expect(paddedSize(1)).toBe(541);
  });
});

describe.each(vectors('profile-picture'))('picture vector $name', (vector) => {
  it('is made to the same bytes and opened again', () => {
    const picture = bytes(vector.plaintext);
    const { blob, key } = sealProfilePicture(p, giving(vector.key, vector.iv), picture);
    expect(bytesToHex(blob)).toBe(vector.blob);
    expect(openProfilePicture(p, blob, key)).toEqual(picture);
    expect(openProfilePicture(p, flipped(blob, 15), key)).toBeNull();
    expect(openProfilePicture(p, blob.subarray(0, 11), key)).toBeNull();
    expect(openProfilePicture(p, blob, key.subarray(1))).toBeNull();
  });
});

describe.each(vectors('stream-'))('stream vector $name', (vector) => {
  const file = counting(vector.plaintext_size);
  const use = Object.values(STREAM_USE).find((each) => each === vector.personal) ?? STREAM_USE.attachment;

  it('is made to the same bytes and opened again', () => {
    const { blob, key } = sealStream(bytes(vector.seed), file, use);
    expect(bytesToHex(key)).toBe(vector.key);
    expect(bytesToHex(blob)).toBe(vector.blob);
    expect(openStream(blob, key)).toEqual(file);
  });

  it('is refused when anything does not fit', () => {
    const blob = bytes(vector.blob);
    const key = bytes(vector.key);
    for (const at of [0, 1, 25, 26, blob.length - 1]) expect(openStream(flipped(blob, at), key)).toBeNull();
    expect(openStream(blob.subarray(0, 25), key)).toBeNull();
    expect(openStream(blob.subarray(0, 30), key)).toBeNull();
    expect(openStream(blob, key.subarray(1))).toBeNull();
  });
});

describe('a stream', () => {
  const seed = new Uint8Array(32).fill(1);

  it.each([1, 32_767, 32_768, 65_536, 131_000, 300_000])(
    'of %d bytes comes back and has one of few lengths',
    (size) => {
      const { blob, key } = sealStream(seed, counting(size), STREAM_USE.attachment);
      expect(Buffer.compare(openStream(blob, key) ?? new Uint8Array(), counting(size))).toBe(0);
      expect(4_096 - (blob.length % 4_096 || 4_096)).toBeLessThan(18);
    },
  );

  it('cut at a chunk, continued after its end, or reordered is refused', () => {
    const { blob, key } = sealStream(seed, counting(100_000), STREAM_USE.attachment);
    const step = 32_768 + 17;
    expect(openStream(blob.subarray(0, 25 + step), key)).toBeNull();
    expect(openStream(Uint8Array.from([...blob, ...blob.subarray(25)]), key)).toBeNull();
    const [head, one, two, rest] = [
      blob.subarray(0, 25),
      blob.subarray(25, 25 + step),
      blob.subarray(25 + step, 25 + 2 * step),
      blob.subarray(25 + 2 * step),
    ];
    expect(openStream(Uint8Array.from([...head, ...two, ...one, ...rest]), key)).toBeNull();
  });

  it('with nothing but padding holds no file', () => {
    const header = new Uint8Array(24);
    const key = new Uint8Array(32);
    const chunk = new SecretStream(key, header).push(new Uint8Array(50), STREAM_TAG.final);
    expect(openStream(Uint8Array.from([0x53, ...header, ...chunk]), key)).toBeNull();
  });

  it('gives back every chunk with its tag', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 5 }), (messages) => {
        const [writer, reader] = [0, 1].map(() => new SecretStream(seed, new Uint8Array(24))) as [
          SecretStream,
          SecretStream,
        ];
        for (const [tag, message] of messages.entries()) {
          expect(reader.pull(writer.push(message, tag))).toEqual({ message, tag });
        }
      }),
      { numRuns: 20 },
    );
  });
});
