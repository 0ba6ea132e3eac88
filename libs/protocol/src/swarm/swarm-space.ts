import type { AccountId } from '../account-id.js';

/** Never the id of a real swarm: "in no swarm". docs/protocol/swarms.md §1.1 */
export const INVALID_SWARM_ID = 0xffff_ffff_ffff_ffffn;

/** Lower-case hex without leading zeros, as `swarm` has it on the wire. */
export const swarmIdToHex = (id: bigint): string => id.toString(16);

/**
 * The account's place on the ring: the four big-endian words of its key, XORed; the prefix does not count.
 * docs/protocol/swarms.md §1.2
 */
export function swarmPoint(account: AccountId): bigint {
  const { key } = account;
  const view = new DataView(key.buffer, key.byteOffset, key.length);
  return view.getBigUint64(0) ^ view.getBigUint64(8) ^ view.getBigUint64(16) ^ view.getBigUint64(24);
}

const distance = (from: bigint, to: bigint): bigint => BigInt.asUintN(64, to - from);

/**
 * The swarm nearest to a point on the ring; the left neighbour wins a tie. docs/protocol/swarms.md §1.3
 * `ids` ascending. Undefined when there is none.
 */
export function nearestSwarm(ids: readonly bigint[], point: bigint): bigint | undefined {
  const index = lowerBound(ids, point);
  const right = ids[index] ?? ids[0];
  const left = ids[index - 1] ?? ids.at(-1);
  if (right === undefined || left === undefined) return undefined;
  return distance(point, right) < distance(left, point) ? right : left;
}

/** Index of the first id that is not below the point; the length when all are. */
function lowerBound(ids: readonly bigint[], point: bigint): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const id = ids[middle];
    if (id !== undefined && id < point) low = middle + 1;
    else high = middle;
  }
  return low;
}
