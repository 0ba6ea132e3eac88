import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hex, loadOnionVectors } from '../../../../test/vectors/onion-vectors.js';
import { bencode } from '../bencode.js';
import { bytesToHex, utf8 } from '../hex.js';
import { decodeHopFrame, encodeHopFrame, type HopFrame } from './hop-frame.js';
import { InvalidHopFrame, PathTooLong } from './onion-errors.js';

const vectors = loadOnionVectors();
const frames = fc.record({
  data: fc.uint8Array({ maxLength: 300 }),
  encType: fc.constantFrom('xchacha20' as const, 'aes-gcm' as const, 'aes-cbc' as const),
  ephemeralKey: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  hopNo: fc.integer({ min: 1, max: 15 }),
});

function refusalOf(bytes: Uint8Array): InvalidHopFrame | PathTooLong {
  try {
    decodeHopFrame(bytes);
  } catch (cause) {
    if (cause instanceof InvalidHopFrame || cause instanceof PathTooLong) return cause;
    throw cause;
  }
  throw new Error('nothing was refused');
}

describe('a frame between nodes', () => {
  it.each(vectors.sn_onion_request_frames.map((v) => [v.name, v] as const))(
    '%s',
    (_name, { frame, expect: wanted }) => {
      const bytes = hex(frame);
      if (wanted.reply !== undefined) {
        const { reply } = refusalOf(bytes);
        expect([String(reply.status), reply.body]).toEqual(wanted.reply);
      } else if (wanted.reply_prefix !== undefined) {
        const { reply } = refusalOf(bytes);
        expect(String(reply.status)).toBe(wanted.reply_code);
        expect(reply.body.startsWith(wanted.reply_prefix)).toBe(true);
      } else {
        const read = decodeHopFrame(bytes);
        expect(read.hopNo).toBe(wanted.hop_no);
        expect(read.encType).toBe(wanted.enc_type ?? read.encType);
        expect(new TextDecoder().decode(read.data)).toBe('abc');
      }
    },
  );

  it('is made as the reference makes it', () => {
    for (const { hops } of vectors.onion_requests) {
      hops.forEach((hop, i) => {
        const next = hops[i + 1]?.received;
        if (hop.action.type !== 'relay-to-node' || next === undefined) return;
        const frame: HopFrame = {
          data: hex(next.ciphertext),
          encType: next.enc_type,
          ephemeralKey: hex(next.ephemeral_key),
          hopNo: next.hop_no,
        };
        expect(bytesToHex(Buffer.concat(encodeHopFrame(frame)))).toBe(hop.action.sn_onion_request_frame);
        expect(decodeHopFrame(hex(hop.action.sn_onion_request_frame))).toEqual(frame);
      });
    }
  });

  it('is made without a copy of what it carries', () => {
    const data = new Uint8Array(70_000);
    const parts = encodeHopFrame({ data, encType: 'aes-gcm', ephemeralKey: new Uint8Array(32), hopNo: 1 });
    expect(parts.some((part) => part === data)).toBe(true);
  });

  it('is what the general encoder writes, and reads back', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const { data, encType, ephemeralKey, hopNo } = frame;
        const bytes = Buffer.concat(encodeHopFrame(frame));
        expect(bytes).toEqual(bencode({ data, enc_type: encType, ephemeral_key: ephemeralKey, hop_no: hopNo }));
        expect(decodeHopFrame(bytes)).toEqual(frame);
      }),
    );
  });

  const key = new Uint8Array(32).fill(7);
  it.each([
    ['an unknown cipher', { data: key, ephemeral_key: key, enc_type: 'rot13' }],
    ['a cipher that is a number', { data: key, ephemeral_key: key, enc_type: 1 }],
    ['a counter that is text', { data: key, ephemeral_key: key, hop_no: '3' }],
    ['data that is a number', { data: 5, ephemeral_key: key }],
    ['a list for a key', { data: key, ephemeral_key: [] }],
  ])('is refused with %s', (_name, dict) => {
    expect(refusalOf(bencode(dict))).toBeInstanceOf(InvalidHopFrame);
  });

  it('counts a negative hop as the first and refuses an endless one', () => {
    expect(decodeHopFrame(bencode({ data: key, ephemeral_key: key, hop_no: -3 })).hopNo).toBe(1);
    expect(refusalOf(bencode({ data: key, ephemeral_key: key, hop_no: 2n ** 64n - 1n }))).toBeInstanceOf(PathTooLong);
  });

  it('passes over a few members that it does not know, not over a million', () => {
    const key = new Uint8Array(32);
    const frame = (count: number): Uint8Array =>
      bencode({ data: key, ephemeral_key: key, more: Array<number>(count).fill(0) });
    expect(decodeHopFrame(frame(50)).ephemeralKey).toEqual(key);
    expect(refusalOf(frame(100)).reply.status).toBe(400);
  });

  it('is refused with nothing but our two errors, whatever its bytes', () => {
    const cut = frames.chain((frame) => {
      const bytes = Buffer.concat(encodeHopFrame(frame));
      return fc.nat(bytes.length - 1).map((end) => bytes.subarray(0, end));
    });
    const text = fc.string({ unit: fc.constantFrom(...Array.from('dlie0123456789:-abc')), maxLength: 40 }).map(utf8);
    fc.assert(
      fc.property(fc.oneof(cut, text, fc.uint8Array({ maxLength: 60 })), (bytes) => {
        expect(refusalOf(bytes).reply.status).toBe(400);
      }),
      { numRuns: 500 },
    );
  });
});
