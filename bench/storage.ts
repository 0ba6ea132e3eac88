import type { BenchOptions, BenchResult } from './result.js';
import { benchCommands } from './storage/commands.js';
import { benchCost } from './storage/cost.js';
import { benchGrowth } from './storage/growth.js';
import { benchMembers } from './storage/members.js';
import { benchMemory } from './storage/memory.js';
import { benchPages } from './storage/pages.js';
import { benchSwarm } from './storage/swarm.js';
import { runParts, type BenchParts } from './run-parts.js';

/**
 * What a message costs. Parts that run only when they are named: a million messages take minutes to fill in, and which
 * process spends what is for whoever wants to change it.
 */
const PARTS: BenchParts = {
  cost: benchCost,
  commands: benchCommands,
  memory: benchMemory,
  swarm: benchSwarm,
  growth: (options) => benchGrowth(options, [1_000, 100_000]),
  pages: benchPages,
  members: benchMembers,
  million: (options) => benchGrowth(options, [1_000, 100_000, 1_000_000]),
};
const OPTIONAL = new Set(['members', 'million']);

/** The parts one after the other; says on standard error which one runs. */
export function benchStorage(options: BenchOptions): Promise<BenchResult> {
  return runParts('storage', PARTS, OPTIONAL, options);
}
