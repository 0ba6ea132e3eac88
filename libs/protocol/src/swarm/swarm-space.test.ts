import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AccountId } from '../account-id.js';
import { INVALID_SWARM_ID, nearestSwarm, swarmIdToHex, swarmPoint } from './swarm-space.js';

const RING = 1n << 64n;
const point = fc.bigInt({ min: 0n, max: RING - 1n });
const ids = fc
  .uniqueArray(fc.bigInt({ min: 0n, max: INVALID_SWARM_ID - 1n }), { maxLength: 12 })
  .map((unsorted) => unsorted.sort((a, b) => (a < b ? -1 : 1)));

const around = (from: bigint, to: bigint): bigint => (((to - from) % RING) + RING) % RING;

describe('nearestSwarm', () => {
  it('finds none among none', () => {
    expect(nearestSwarm([], 5n)).toBeUndefined();
  });

  it('finds a swarm that no other is nearer than', () => {
    fc.assert(
      fc.property(ids, point, (known, from) => {
        const chosen = nearestSwarm(known, from);
        const reach = (id: bigint): bigint => {
          const [right, left] = [around(from, id), around(id, from)];
          return right < left ? right : left;
        };
        if (chosen === undefined) expect(known).toHaveLength(0);
        else for (const id of known) expect(reach(chosen) <= reach(id)).toBe(true);
      }),
    );
  });

  it('gives the left neighbour a tie, also across the wrap', () => {
    fc.assert(
      fc.property(point, fc.bigInt({ min: 1n, max: 1n << 60n }), (from, reach) => {
        const [left, right] = [BigInt.asUintN(64, from - reach), BigInt.asUintN(64, from + reach)];
        fc.pre(left !== INVALID_SWARM_ID && right !== INVALID_SWARM_ID);
        expect(
          nearestSwarm(
            [left, right].sort((a, b) => (a < b ? -1 : 1)),
            from,
          ),
        ).toBe(left);
      }),
    );
  });
});

describe('swarmPoint', () => {
  it('does not depend on the prefix', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (key) => {
        const [user, group] = [0x05, 0x03].map((prefix) => swarmPoint(AccountId.parse(Uint8Array.of(prefix, ...key))));
        expect(user).toBe(group);
      }),
    );
  });
});

describe('swarmIdToHex', () => {
  it.each([
    [0n, '0'],
    [1n << 63n, '8000000000000000'],
    [INVALID_SWARM_ID, 'ffffffffffffffff'],
  ])('writes %s as %s', (id, hex) => {
    expect(swarmIdToHex(id)).toBe(hex);
  });
});
