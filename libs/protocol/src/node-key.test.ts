import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { bytesToHex, hexToBytes } from './hex.js';
import { noblePrimitives as p } from './noble-primitives.js';
import { NodeKey } from './node-key.js';

const seed = Uint8Array.from({ length: 32 }, (_unused, at) => at);

describe('NodeKey', () => {
  const key = NodeKey.fromSeed(seed, p);

  // docs/protocol/storage-rpc.md §14: account A is the same key pair
  it('is named by its Ed25519 key', () => {
    expect(key.id).toBe('03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8');
    expect(bytesToHex(key.ed25519.publicKey)).toBe(key.id);
    expect(key.seed).toEqual(seed);
  });

  it('derives the X25519 pair so that both ways lead to the same public key', () => {
    expect(bytesToHex(key.x25519.publicKey)).toBe('4701d08488451f545a409fb58ae3e58581ca40ac3f7f114698cd71deac73ca01');
    expect(p.ed25519ToX25519(key.ed25519.publicKey)).toEqual(key.x25519.publicKey);
    expect(p.x25519PublicKey(key.x25519.secretKey)).toEqual(key.x25519.publicKey);
  });

  it('refuses a seed of another length', () => {
    expect(() => NodeKey.fromSeed(seed.subarray(1), p)).toThrow(RangeError);
  });

  it('never prints its secret', () => {
    const secrets = [bytesToHex(seed), bytesToHex(key.x25519.secretKey), '0, 1, 2', '0,1,2', '"1":1', '00 01 02'];
    for (const shown of [String(key), JSON.stringify({ key }), inspect(key, { depth: 9, showHidden: true })]) {
      for (const secret of secrets) expect(shown).not.toContain(secret);
    }
    expect(hexToBytes(key.id)).toEqual(key.ed25519.publicKey);
  });
});
