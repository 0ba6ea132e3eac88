import { createPrivateKey, createPublicKey, verify } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { blake2b } from '@noble/hashes/blake2.js';
import { sign } from '../../compat/golden/sign.js';

/*
 * The rules that answers are judged by, written once more and on other libraries than the services use, so that the
 * suite does not ask the product what is right.
 */

/** Heads of keys in the encoding of OpenSSL; the 32 bytes follow. */
const PRIVATE_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_HEAD = Buffer.from('302a300506032b6570032100', 'hex');

/** Ids of the two swarms of the network; the first is the one of the node that is asked. */
export const SWARMS = { ours: 0x2000_0000_0000_0000n, other: 0xa000_0000_0000_0000n } as const;
const RING = 2n ** 64n;

/** Ed25519 public key (64 hex digits) of a seed. */
export function publicKeyOf(seedHex: string): string {
  const key = createPrivateKey({
    key: Buffer.concat([PRIVATE_HEAD, Buffer.from(seedHex, 'hex')]),
    format: 'der',
    type: 'pkcs8',
  });
  return Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url').toString('hex');
}

export { sign };

/** `keyHex` is an Ed25519 public key, `signature` base64 or 64 bytes. */
export function isSigned(keyHex: string, signature: string | Uint8Array, text: string | Uint8Array): boolean {
  const key = Buffer.concat([PUBLIC_HEAD, Buffer.from(keyHex, 'hex')]);
  const bytes = typeof signature === 'string' ? Buffer.from(signature, 'base64') : signature;
  return verify(null, Buffer.from(text), createPublicKey({ key, format: 'der', type: 'spki' }), bytes);
}

/** The X25519 form (64 hex digits) of an Ed25519 public key. */
export const montgomeryOf = (keyHex: string): string =>
  Buffer.from(ed25519.utils.toMontgomery(Buffer.from(keyHex, 'hex'))).toString('hex');

/** docs/protocol/storage-rpc.md §5.1 */
export function hashOf(account: string, namespace: number, data: Uint8Array | string): string {
  const space = namespace === 0 ? '' : String(namespace);
  const bytes = Buffer.concat([Buffer.from(account, 'hex'), Buffer.from(space), Buffer.from(data)]);
  return Buffer.from(blake2b(bytes, { dkLen: 32 }))
    .toString('base64')
    .replace('=', '');
}

/** Whose swarm id is nearest on the ring: docs/protocol/swarms.md. `account` is 66 hex digits. */
export function swarmOf(account: string): keyof typeof SWARMS {
  const words = [0, 1, 2, 3].map((word) => BigInt(`0x${account.slice(2 + word * 16, 18 + word * 16)}`));
  const point = words.reduce((mixed, word) => mixed ^ word, 0n);
  const distance = (id: bigint): bigint => {
    const up = (id - point + RING) % RING;
    return up < RING - up ? up : RING - up;
  };
  return distance(SWARMS.ours) < distance(SWARMS.other) ? 'ours' : 'other';
}
