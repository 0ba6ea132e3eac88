import type { BenchOptions, BenchResult, Figures } from './result.js';
import { benchCost } from './relay/cost.js';
import { benchDelay } from './relay/delay.js';
import { benchProfile } from './relay/profile.js';
import { benchRoundTrip } from './relay/round-trip.js';
import { benchSteady } from './relay/steady.js';
import { verdicts } from './relay/targets.js';

/** What a hop costs and how long it takes. A profile slows the relay down, so that part runs only when it is named. */
const PARTS: Readonly<Record<string, (options: BenchOptions) => Promise<BenchResult>>> = {
  cost: benchCost,
  'round-trip': benchRoundTrip,
  steady: benchSteady,
  delay: benchDelay,
  profile: benchProfile,
};
const OPTIONAL = new Set(['profile']);

/** The parts one after the other, then a line for each target that they measured. */
export async function benchRelay(options: BenchOptions): Promise<BenchResult> {
  const names = options.parts ?? Object.keys(PARTS).filter((name) => !OPTIONAL.has(name));
  const tables: string[] = [];
  let figures: Figures = {};
  for (const name of names) {
    const part = PARTS[name];
    if (part === undefined) throw new Error(`no part ${name}: there are ${Object.keys(PARTS).join(', ')}`);
    process.stderr.write(`relay: ${name} …\n`);
    const result = await part(options);
    tables.push(result.table);
    figures = { ...figures, ...result.figures };
  }
  return { table: [...tables, verdicts(figures)].filter(Boolean).join('\n\n'), figures };
}
