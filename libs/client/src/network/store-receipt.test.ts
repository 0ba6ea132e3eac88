import { describe, expect, it } from '@jest/globals';
import { bytesToHex, encodeBase64, noblePrimitives, NodeKey, utf8 } from '#protocol';
import type { JsonObject } from '#protocol';
import { NodePool } from './node-pool.js';
import { checkStoreAnswer } from './store-receipt.js';

const hash = 'h'.repeat(43);
const keys = [1, 2, 3].map((seed) => NodeKey.fromSeed(new Uint8Array(32).fill(seed), noblePrimitives));
const stranger = NodeKey.fromSeed(new Uint8Array(32).fill(9), noblePrimitives);
const [key = stranger] = keys;
const pool = new NodePool(() => 0);
pool.replace(
  keys.map(({ id, x25519 }, index) => ({
    ed25519: id,
    x25519: bytesToHex(x25519.publicKey),
    ip: '10.0.0.1',
    httpsPort: 100 + index,
  })),
);
const signed = (by: NodeKey, text = hash): string => encodeBase64(noblePrimitives.ed25519Sign(utf8(text), by.ed25519));
const check = (swarm: JsonObject, body: JsonObject = {}) =>
  checkStoreAnswer(noblePrimitives, pool, { hash, t: 1, swarm, ...body }, hash);

describe('the answer to a store', () => {
  it.each<[string, JsonObject, object]>([
    ['a signature', { hash, signature: signed(key) }, { outcome: 'kept' }],
    ['a signature over what it already had', { hash, signature: signed(key), already: 1 }, { outcome: 'already' }],
    ['a signature over another hash', { hash, signature: signed(key, 'x') }, { outcome: 'unsigned' }],
    ['a signature of somebody else', { hash, signature: signed(stranger) }, { outcome: 'unsigned' }],
    ['another hash', { hash: 'x', signature: signed(key) }, { outcome: 'unsigned' }],
    ['no signature', { hash }, { outcome: 'unsigned' }],
    ['a short signature', { hash, signature: 'AAAA' }, { outcome: 'unsigned' }],
    ['a timeout', { failed: true, timeout: true }, { outcome: 'failed', reason: 'no answer in time' }],
    ['a refusal', { failed: 1, code: '401', reason: 'no' }, { outcome: 'failed', reason: '401 no' }],
    ['a bare failure', { failed: true }, { outcome: 'failed', reason: 'no reason given' }],
  ])('with %s', (_name, entry, expected) => {
    const node = { address: '10.0.0.1:100', key: key.id.slice(0, 8) };
    expect(check({ [key.id]: entry })?.answers).toEqual([{ node, ...expected }]);
  });

  it('counts members of the list only', () => {
    const [a = key, b = key, c = key] = keys;
    const checked = check({
      [a.id]: { hash, signature: signed(a) },
      [b.id]: { failed: true },
      [c.id.toUpperCase()]: { hash, signature: signed(c) },
      [stranger.id]: { hash, signature: signed(stranger) },
    });
    expect(checked).toMatchObject({ proven: 2, expected: 3 });
    expect(checked?.answers.at(-1)).toMatchObject({ outcome: 'stranger', node: { address: 'unknown' } });
  });

  it.each<[string, JsonObject]>([
    ['another hash', { hash: 'x' }],
    ['no hash', { hash: undefined }],
    ['no time', { t: undefined }],
    ['no swarm', { swarm: undefined }],
  ])('with %s at its top is none', (_name, body) => {
    expect(check({}, body)).toBeNull();
  });
});
