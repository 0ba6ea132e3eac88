import { sortLikeLibstdcxx } from './libstdcxx-sort.js';
import type { Mt19937x64 } from './mt19937-64.js';
import { INVALID_SWARM_ID } from './swarm-space.js';

/** Below this a swarm is starving, above it members are excess. docs/protocol/swarms.md §2.1 */
export const MIN_SWARM_SIZE = 5;
const MAX_ID = INVALID_SWARM_ID - 1n;

export interface SwarmSize {
  readonly id: bigint;
  readonly count: number;
}

/** Who may be moved, with the swarm they are in. */
export interface DonorPool {
  readonly donors: readonly { readonly key: string; readonly id: bigint }[];
  readonly excess: number;
}

/** The swarms while they are being composed, ascending by id. Order of members is the order of arrival. */
export class SwarmTable {
  readonly #members = new Map<bigint, string[]>();
  #ids: bigint[] = [];

  get ids(): readonly bigint[] {
    return this.#ids;
  }

  members(id: bigint): readonly string[] {
    return this.#list(id);
  }

  add(id: bigint, members: readonly string[]): void {
    this.#members.set(id, [...members]);
    this.#ids = [...this.#members.keys()].sort((a, b) => (a < b ? -1 : 1));
  }

  /** Takes a swarm out and gives its members. */
  dissolve(id: bigint): readonly string[] {
    const members = this.#list(id);
    this.#members.delete(id);
    this.#ids = this.#ids.filter((each) => each !== id);
    return members;
  }

  join(id: bigint, key: string): void {
    this.#list(id).push(key);
  }

  /** Takes a uniformly drawn donor out of its swarm. */
  draw({ donors }: DonorPool, random: Mt19937x64): string {
    const { key, id } = pick(donors, donors.length, random);
    const members = this.#list(id);
    members.splice(members.indexOf(key), 1);
    return key;
  }

  /** In the order the reference's sort leaves them: ascending by count. docs/protocol/swarms.md §2.4 */
  sizes(): SwarmSize[] {
    const sizes = this.#ids.map((id) => ({ id, count: this.#list(id).length }));
    sortLikeLibstdcxx(sizes, ({ count }) => count);
    return sizes;
  }

  /**
   * Members of swarms larger than `threshold`; none at a threshold that would starve the donors.
   * docs/protocol/swarms.md §2.7.2
   */
  pool(threshold: number): DonorPool {
    const donors: { key: string; id: bigint }[] = [];
    let excess = 0;
    if (threshold < MIN_SWARM_SIZE) return { donors, excess };
    for (const id of this.#ids) {
      const members = this.#list(id);
      if (members.length <= threshold) continue;
      for (const key of members) donors.push({ key, id });
      excess += members.length - MIN_SWARM_SIZE;
    }
    return { donors, excess };
  }

  get excess(): number {
    return this.#ids.reduce((sum, id) => sum + Math.max(0, this.#list(id).length - MIN_SWARM_SIZE), 0);
  }

  /** The lowest id whose swarm is below the minimum. */
  get starving(): bigint | undefined {
    return this.#ids.find((id) => this.#list(id).length < MIN_SWARM_SIZE);
  }

  #list(id: bigint): string[] {
    const members = this.#members.get(id);
    if (members === undefined) throw new RangeError('no such swarm');
    return members;
  }
}

/** One of the first `count` items, drawn uniformly. */
export function pick<T>(items: readonly T[], count: number, random: Mt19937x64): T {
  const item = items[Number(random.below(BigInt(count)))];
  if (item === undefined) throw new RangeError('nothing to draw from');
  return item;
}

/** The id of one more swarm: the middle of the widest gap between the ids, which ascend. docs/protocol/swarms.md §2.5 */
export function newSwarmId(ids: readonly bigint[]): bigint {
  const [first] = ids;
  const last = ids.at(-1);
  if (first === undefined || last === undefined) return 0n;
  let start = last;
  let widest = 0n;
  ids.forEach((id, index) => {
    const gap = (ids[index + 1] ?? id) - id;
    if (gap > widest) [start, widest] = [id, gap];
  });
  const wrapped = MAX_ID - last + first + 1n;
  if (wrapped > widest) [start, widest] = [last, wrapped];
  return (start + widest / 2n) % INVALID_SWARM_ID; // 0 directly follows MAX_ID
}
