import { setTimeout as pause } from 'node:timers/promises';
import { shown } from '../../files/home.js';
import { Interrupted, Problem } from '../../problems.js';
import type { Launched } from './launch.js';
import { lastWords } from './last-words.js';
import { ask } from './probe.js';

const POLL_MS = 100;

/**
 * Waits until all processes are ready. Throws Problem when one ends before that, when the time is over, or when the
 * person has interrupted.
 */
export async function waitUntilReady(
  launched: readonly Launched[],
  timeoutMs: number,
  interrupted: AbortSignal,
): Promise<void> {
  const deadline = AbortSignal.timeout(timeoutMs);
  let waiting = [...launched];
  for (;;) {
    const problems = await Promise.all(waiting.map(problemOf));
    waiting = waiting.filter((_, index) => problems[index] !== null);
    const [first] = waiting;
    if (!first) return;
    if (interrupted.aborted) throw new Interrupted();
    if (deadline.aborted) {
      const { unit, spec, logStart } = first;
      const words = await lastWords(spec.logFile, logStart);
      const problem = problems.find((each) => each !== null) ?? '';
      const reason = `${nameOf(first)}: ${problem}`;
      throw new Problem(`${unit.name} was not ready within ${timeoutMs / 1_000} s (${reason}). ${words}`.trim());
    }
    await pause(POLL_MS);
  }
}

async function problemOf(process: Launched): Promise<string | null> {
  const ending = process.ending();
  if (ending !== null) throw new Problem(await whyEnded(process, ending));
  const problems = await Promise.all(process.spec.probes.map(ask));
  return problems.find((problem) => problem !== null) ?? null;
}

/** One sentence about a process that ended, with its own last words. */
export async function whyEnded(process: Launched, ending: string): Promise<string> {
  const words = await lastWords(process.spec.logFile, process.logStart);
  return `${nameOf(process)} ended with ${ending}: ${words || `see ${shown(process.spec.logFile)}`}`;
}

function nameOf({ unit, spec }: Launched): string {
  return unit.processes.length > 1 ? `${spec.role} of ${unit.name}` : unit.name;
}
