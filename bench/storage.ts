import type { BenchOptions, BenchResult } from './result.js';
import { benchCost } from './storage/cost.js';
import { benchGrowth } from './storage/growth.js';
import { benchMemory } from './storage/memory.js';
import { benchPages } from './storage/pages.js';
import { benchSwarm } from './storage/swarm.js';
import { runParts, type BenchParts } from './run-parts.js';

/** What a message costs. A million messages take minutes to fill in, so that part runs only when it is named. */
const PARTS: BenchParts = {
  cost: benchCost,
  memory: benchMemory,
  swarm: benchSwarm,
  growth: (options) => benchGrowth(options, [1_000, 100_000]),
  pages: benchPages,
  million: (options) => benchGrowth(options, [1_000, 100_000, 1_000_000]),
};
const OPTIONAL = new Set(['million']);

/** The parts one after the other; says on standard error which one runs. */
export function benchStorage(options: BenchOptions): Promise<BenchResult> {
  return runParts('storage', PARTS, OPTIONAL, options);
}
