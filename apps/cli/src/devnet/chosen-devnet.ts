import type { Command } from 'commander';
import { devnetFolder, knownDevnets, shown } from '../files/home.js';
import { Problem, UsageProblem } from '../problems.js';
import { readDevnet } from './devnet-file.js';
import type { Devnet } from './devnet-file.js';
import { isRunning } from './run/running.js';

export interface DirOption {
  readonly dir?: string;
}

export function addDirOption(command: Command): void {
  command.option('--dir <folder>', 'folder of the devnet (default: the one that runs)');
}

/** The devnet that was named, else the one that runs, else null. Throws UsageProblem when several run. */
export async function chosenDevnet(env: NodeJS.ProcessEnv, named: string | undefined): Promise<Devnet | null> {
  if (named !== undefined) {
    const devnet = await readDevnet(devnetFolder(env, named));
    if (!devnet) throw new Problem(`There is no devnet in ${shown(devnetFolder(env, named))}.`);
    return devnet;
  }
  const known = await Promise.all(knownDevnets(env).map((dir) => readDevnet(dir).catch(() => null)));
  const devnets = known.filter((devnet) => devnet !== null);
  const states = await Promise.all(devnets.map(isRunning));
  const running = devnets.filter((_, index) => states[index]);
  if (running.length > 1) {
    throw new UsageProblem(
      `Several devnets run (${running.map(({ dir }) => shown(dir)).join(', ')}): say which with --dir.`,
    );
  }
  return running[0] ?? null;
}
