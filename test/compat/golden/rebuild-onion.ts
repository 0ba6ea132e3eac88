import { createHash } from 'node:crypto';
import {
  buildOnion,
  noblePrimitives,
  NodeKey,
  type BuiltOnion,
  type FinalControl,
  type NodeTarget,
} from '#protocol';
import type { GoldenOnion, GoldenSetup } from './transcript.js';

type Cipher = NonNullable<NodeTarget['encType']>;

const NONCE_BYTES: Readonly<Record<Cipher, number>> = { xchacha20: 24, 'aes-gcm': 12, 'aes-cbc': 16 };
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const cipherOf = (name: string | undefined): Cipher => {
  if (name === 'xchacha20' || name === 'aes-gcm' || name === 'aes-cbc') return name;
  throw new Error(`unknown cipher ${String(name)} in the recording`);
};

/** Nodes of the recording by index; an index beyond the list is a key that belongs to no node. */
function target(setup: GoldenSetup, index: number, cipher: Cipher): NodeTarget {
  const seed = setup.nodes[index]?.ed25519_seckey.slice(0, 64);
  if (seed === undefined) throw new Error(`node ${index} has no recorded key`);
  const key = NodeKey.fromSeed(Buffer.from(seed, 'hex'), noblePrimitives);
  return { ed25519: key.id, x25519: Buffer.from(key.x25519.publicKey).toString('hex'), encType: cipher };
}

/**
 * The recorded request with another body, made with the recorded ephemeral keys and nonces: hop k has the secret
 * SHA-256("seed-k") and the first bytes of SHA-256("seed-iv-k"). Layers are made from the inside out.
 */
export function rebuildOnion(setup: GoldenSetup, onion: GoldenOnion, payload: Uint8Array): BuiltOnion {
  const nodes = onion.path.map((index, hop) => target(setup, index, cipherOf(onion.encs[hop])));
  const values = nodes.toReversed().flatMap((node, fromEnd) => {
    const hop = nodes.length - 1 - fromEnd;
    const nonce = digest(`${onion.ephemeral_seed}-iv-${hop}`).subarray(0, NONCE_BYTES[node.encType ?? 'aes-gcm']);
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

