import type { BenchOptions, BenchResult } from './result.js';
import { benchCost } from './relay/cost.js';
import { benchDelay } from './relay/delay.js';
import { benchDoor } from './relay/door.js';
import { benchProfile } from './relay/profile.js';
import { benchRoundTrip } from './relay/round-trip.js';
import { benchSteady } from './relay/steady.js';
import { verdicts } from './relay/targets.js';
import { runParts, type BenchParts } from './run-parts.js';

/** What a hop costs and how long it takes. A profile slows the relay down, so that part runs only when it is named. */
const PARTS: BenchParts = {
  cost: benchCost,
  door: benchDoor,
  'round-trip': benchRoundTrip,
  steady: benchSteady,
  delay: benchDelay,
  profile: benchProfile,
};
const OPTIONAL = new Set(['profile']);

/** The parts one after the other, then a line for each target that they measured. */
export async function benchRelay(options: BenchOptions): Promise<BenchResult> {
  const { table, figures, ...rest } = await runParts('relay', PARTS, OPTIONAL, options);
  return { table: [table, verdicts(figures)].filter(Boolean).join('\n\n'), figures, ...rest };
}
