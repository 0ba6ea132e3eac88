import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { nativePrimitives } from '#platform';
import { NodeKey, buildOnion, joinPayload, parseEntry, type EncType, type HopFrame } from '#protocol';
import { LayerBox } from './layer-box.js';

const MIB = 1024 * 1024;
const TAG_BYTES = 16;
const primitives = nativePrimitives();
const key = NodeKey.fromSeed(randomBytes(32), primitives);
const box = new LayerBox(primitives, randomBytes, key, true);

/** A layer for this node, as its entry reads it. */
function frameOf(payload: Uint8Array, encType: EncType): HopFrame {
  const destination = { ed25519: key.id, x25519: Buffer.from(key.x25519.publicKey).toString('hex') };
  const { body } = buildOnion(primitives, randomBytes, { path: [], destination, payload, encType });
  const { ciphertext, ...entry } = parseEntry(body);
  return { ...entry, data: ciphertext };
}

describe('the box of a node', () => {
  it.each<EncType>(['xchacha20', 'aes-gcm', 'aes-cbc'])(
    'holds a large layer in %s once: what was inside takes the room of what was around it',
    (encType) => {
      const payload = randomBytes(MIB);
      const frame = frameOf(payload, encType);
      const tag = frame.data.slice(-TAG_BYTES);
      const opened = box.open(frame);
      expect(opened?.plaintext.buffer).toBe(frame.data.buffer);
      expect(Buffer.from(opened?.plaintext ?? []).equals(joinPayload(payload, '{"headers":""}'))).toBe(true);
      expect(frame.data.slice(-TAG_BYTES)).toEqual(tag);
    },
  );

  it('leaves a small layer, and one that it cannot open, as they are', () => {
    const small = frameOf(randomBytes(2_000), 'xchacha20');
    const large = frameOf(randomBytes(MIB), 'aes-gcm');
    large.data[1_000] = (large.data[1_000] ?? 0) ^ 1;
    for (const frame of [small, large]) {
      const before = frame.data.slice();
      box.open(frame);
      expect(Buffer.from(frame.data).equals(before)).toBe(true);
    }
  });
});
