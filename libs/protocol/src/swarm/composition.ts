import { Mt19937x64 } from './mt19937-64.js';
import { INVALID_SWARM_ID } from './swarm-space.js';
import { MIN_SWARM_SIZE, newSwarmId, pick, SwarmTable } from './swarm-table.js';

/** Members of each swarm by their keys (lower-case hex). */
export type SwarmMap = ReadonlyMap<bigint, readonly string[]>;

const NEW_SWARM_SIZE = 7;
const EXCESS_MARGIN = 2;
/** New nodes go to a swarm of the smallest quarter, members of a dissolved swarm to the smallest of all. */
const FILL_PERCENTILE = 25;
const REDISTRIBUTE_PERCENTILE = 0;
const STEAL_PERCENTILE = 75;

/**
 * The swarms after a change of the active set, node for node as the public network computes them.
 * docs/protocol/swarms.md §2.7
 *
 * `current` holds the active nodes only, in the swarms they were in; those in none under INVALID_SWARM_ID. The order of
 * the members counts: ascending keys. `seed`: 0 .. 2^64-1.
 */
export function composeSwarms(current: SwarmMap, seed: bigint): SwarmMap {
  if (current.size === 0) return new Map();
  const table = new SwarmTable();
  for (const [id, members] of current) if (id !== INVALID_SWARM_ID) table.add(id, members);
  new Composition(table, new Mt19937x64(seed)).run(current.get(INVALID_SWARM_ID) ?? []);
  return new Map(table.ids.map((id) => [id, table.members(id)]));
}

/** The seed of a block: the first 8 bytes of its hash (64 hex digits), little-endian. docs/protocol/swarms.md §2.3 */
export function compositionSeed(hash: string): bigint {
  const bytes = hash.slice(0, 16).match(/../g) ?? [];
  return BigInt(`0x${bytes.reverse().join('')}`);
}

/**
 * The swarms of a set of active nodes, given the swarms before: who was in one stays there unless the rules move them.
 * The result does not depend on the order of either input.
 */
export function nextSwarms(previous: SwarmMap, active: readonly string[], seed: bigint): SwarmMap {
  const idOf = new Map<string, bigint>();
  for (const [id, members] of previous) for (const key of members) idOf.set(key, id);
  const current = new Map<bigint, string[]>();
  for (const key of [...active].sort()) {
    const id = idOf.get(key) ?? INVALID_SWARM_ID;
    const members = current.get(id);
    if (members === undefined) current.set(id, [key]);
    else members.push(key);
  }
  return composeSwarms(current, seed);
}

class Composition {
  constructor(
    private readonly table: SwarmTable,
    private readonly random: Mt19937x64,
  ) {}

  run(unassigned: readonly string[]): void {
    const { table } = this;
    if (table.ids.length === 0) table.add(newSwarmId([]), []);
    this.assign(unassigned, FILL_PERCENTILE);
    this.feedStarving();
    this.createFromExcess();
    // The reference goes on until it has no swarm left to give the members to, and crashes; the last one may be small.
    for (let id = table.starving; id !== undefined && table.ids.length > 1; id = table.starving) {
      this.assign(table.dissolve(id), REDISTRIBUTE_PERCENTILE);
    }
  }

  private assign(keys: readonly string[], percentile: number): void {
    for (const key of keys) {
      const sizes = this.table.sizes();
      const limit = sizes[percentileIndex(sizes.length, percentile)]?.count ?? 0;
      const firstLarger = sizes.findIndex(({ count }) => count > limit);
      const { id } = pick(sizes, firstLarger < 0 ? sizes.length : firstLarger, this.random);
      this.table.join(id, key);
      this.createFromExcess();
    }
  }

  /** Fills starving swarms from the largest ones while those have members to spare. */
  private feedStarving(): void {
    const { table, random } = this;
    const sizes = table.sizes(); // not renewed between the moves, as in the reference
    const threshold = Math.max(
      MIN_SWARM_SIZE,
      (sizes[percentileIndex(sizes.length, STEAL_PERCENTILE)]?.count ?? 0) - 1,
    );
    for (const { id } of sizes) {
      while (table.members(id).length < MIN_SWARM_SIZE) {
        const pool = table.pool(threshold);
        if (pool.excess < MIN_SWARM_SIZE - table.members(id).length) return;
        table.join(id, table.draw(pool, random));
      }
    }
  }

  private createFromExcess(): void {
    const { table, random } = this;
    if (table.starving !== undefined) return;
    while (table.excess >= NEW_SWARM_SIZE + EXCESS_MARGIN * table.ids.length) {
      const members = Array.from({ length: NEW_SWARM_SIZE }, () => table.draw(table.pool(MIN_SWARM_SIZE), random));
      table.add(newSwarmId(table.ids), members);
    }
  }
}

const percentileIndex = (length: number, percentile: number): number => Math.floor((percentile * (length - 1)) / 100);
