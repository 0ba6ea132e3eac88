import { createHash } from 'node:crypto';
import { buildOnion, noblePrimitives, type BuiltOnion, type FinalControl, type NodeTarget } from '#protocol';
import type { GoldenOnion } from './transcript.js';

type Cipher = NonNullable<NodeTarget['encType']>;

const NONCE_BYTES: Readonly<Record<Cipher, number>> = { xchacha20: 24, 'aes-gcm': 12, 'aes-cbc': 16 };
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const cipherOf = (name: string | undefined): Cipher => {
  if (name === 'xchacha20' || name === 'aes-gcm' || name === 'aes-cbc') return name;
  throw new Error(`unknown cipher ${String(name)} in the recording`);
};

/**
 * The recorded request with another body, made with the recorded ephemeral keys and nonces: hop k has the secret
 * SHA-256("seed-k") and the first bytes of SHA-256("seed-iv-k"). Layers are made from the inside out.
 */
export function rebuildOnion(
  keysOf: (index: number) => NodeTarget,
  onion: GoldenOnion,
  payload: Uint8Array,
): BuiltOnion {
  const nodes = onion.path.map((index, hop) => ({ ...keysOf(index), encType: cipherOf(onion.encs[hop]) }));
  const values = nodes.toReversed().flatMap((node, fromEnd) => {
    const hop = nodes.length - 1 - fromEnd;
    const nonce = digest(`${onion.ephemeral_seed}-iv-${hop}`).subarray(0, NONCE_BYTES[node.encType]);
    return [digest(`${onion.ephemeral_seed}-${hop}`), nonce];
  });
  const random = (length: number): Uint8Array => {
    const value = values.shift();
    if (value?.length !== length) throw new Error('the builder asked for randomness in another order');
    return value;
  };
  const destination = nodes.at(-1);
  if (destination === undefined) throw new Error('a path without nodes');
  return buildOnion(noblePrimitives, random, {
    path: nodes.slice(0, -1),
    destination,
    payload,
    control: onion.control as FinalControl,
  });
}
