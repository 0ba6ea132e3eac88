import { describe, expect, it } from '@jest/globals';
import { swarmVectors, type SwarmChangeVector } from '../../../../test/vectors/swarm-vectors.js';
import { AccountId } from '../account-id.js';
import { composeSwarms, compositionSeed } from './composition.js';
import { sortLikeLibstdcxx } from './libstdcxx-sort.js';
import { Mt19937x64 } from './mt19937-64.js';
import { nearestSwarm, swarmPoint } from './swarm-space.js';
import { newSwarmId } from './swarm-table.js';

const { points, selection, composition, block_hash_seed: blockSeeds } = swarmVectors;
const ascending = (ids: readonly string[]): bigint[] => ids.map(BigInt).sort((a, b) => (a < b ? -1 : 1));

describe('the vectors of swarm mapping', () => {
  it.each(points)('place $pubkey at $space_hex', ({ pubkey, space, space_hex: hex }) => {
    const point = swarmPoint(AccountId.parse(pubkey));
    expect(point).toBe(BigInt(space));
    expect(point).toBe(BigInt(`0x${hex}`));
  });

  it.each(selection)('choose a swarm for the point $space: $note', ({ swarm_ids: ids, pubkey, expected }) => {
    const chosen = nearestSwarm(ascending(ids), swarmPoint(AccountId.parse(pubkey)));
    expect(chosen).toBe(expected === null ? undefined : BigInt(expected));
  });
});

describe('the vectors of swarm composition', () => {
  it.each(composition.mt19937_64)('draw numbers from seed $seed', ({ seed, skip = 0, first }) => {
    const random = new Mt19937x64(BigInt(seed));
    for (let skipped = 0; skipped < skip; skipped += 1) random.next();
    expect(first.map(() => random.next())).toEqual(first.map(BigInt));
  });

  it.each(composition.uniform_below)('draw below $n from seed $seed', ({ seed, n, first }) => {
    const random = new Mt19937x64(BigInt(seed));
    expect(first.map(() => random.below(BigInt(n)))).toEqual(first.map(BigInt));
  });

  it.each(composition.new_swarm_id.filter(({ existing }) => existing))(
    'put a new swarm beside $existing at $expected',
    ({ existing = [], expected = '' }) => {
      expect(newSwarmId(ascending(existing))).toBe(BigInt(expected));
    },
  );

  it.each(composition.new_swarm_id.filter(({ sequence }) => sequence))(
    'create the same ids one after the other: $note',
    ({ sequence = [] }) => {
      const ids: bigint[] = [];
      for (const expected of sequence) {
        const id = newSwarmId([...ids].sort((a, b) => (a < b ? -1 : 1)));
        expect(id).toBe(BigInt(expected));
        ids.push(id);
      }
    },
  );

  it.each(composition.libstdcxx_sort)(
    'sort $sizes.length sizes (stable: $stable)',
    ({ sizes, sorted_indices: sorted, stable }) => {
      const entries = sizes.map((size, index) => ({ size, index }));
      const inPlace = [...entries];
      sortLikeLibstdcxx(inPlace, ({ size }) => size);
      expect(inPlace.map(({ index }) => index)).toEqual(sorted);
      const steadily = [...entries].sort((a, b) => a.size - b.size);
      expect(steadily.every((entry, at) => entry === inPlace[at])).toBe(stable);
    },
  );

  it.each(composition.calc_swarm_changes.cases)('change swarms: $note (seed $seed)', ({ seed, input, expected }) => {
    const swarms = composeSwarms(swarmMap(input), BigInt(seed));
    const sorted = [...swarms].map(([id, members]) => [id, [...members].sort()] as const);
    expect(new Map(sorted)).toEqual(swarmMap(expected));
  });

  it.each(blockSeeds)('take the seed $seed from a block hash', ({ block_hash: hash, seed }) => {
    expect(compositionSeed(hash)).toBe(BigInt(seed));
  });
});

function swarmMap(swarms: SwarmChangeVector['input']): Map<bigint, string[]> {
  return new Map(Object.entries(swarms).map(([id, nodes]) => [BigInt(id), nodes.map(nodeKey)]));
}

const nodeKey = (node: number): string => node.toString(16).padStart(64, '0');
