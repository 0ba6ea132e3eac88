import type { BenchOptions, BenchResult, Figures } from './result.js';
import { benchCost } from './storage/cost.js';
import { benchGrowth } from './storage/growth.js';
import { benchMemory } from './storage/memory.js';
import { benchPages } from './storage/pages.js';
import { benchSwarm } from './storage/swarm.js';

/** What a message costs. A million messages take minutes to fill in, so that part runs only when it is named. */
const PARTS: Readonly<Record<string, (options: BenchOptions) => Promise<BenchResult>>> = {
  cost: benchCost,
  memory: benchMemory,
  swarm: benchSwarm,
  growth: (options) => benchGrowth(options, [1_000, 100_000]),
  pages: benchPages,
  million: (options) => benchGrowth(options, [1_000, 100_000, 1_000_000]),
};
const OPTIONAL = new Set(['million']);

/** The parts one after the other; says on standard error which one runs. */
export async function benchStorage(options: BenchOptions): Promise<BenchResult> {
  const names = options.parts ?? Object.keys(PARTS).filter((name) => !OPTIONAL.has(name));
  const tables: string[] = [];
  let figures: Figures = {};
  for (const name of names) {
    const part = PARTS[name];
    if (part === undefined) throw new Error(`no part ${name}: there are ${Object.keys(PARTS).join(', ')}`);
    process.stderr.write(`storage: ${name} …\n`);
    const result = await part(options);
    tables.push(result.table);
    figures = { ...figures, ...result.figures };
  }
  return { table: tables.join('\n\n'), figures };
}
