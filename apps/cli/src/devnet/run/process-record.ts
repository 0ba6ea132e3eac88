import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readIfThere, replaceFile } from '../../files/private-file.js';
import { runProgram } from '../../servers/run-program.js';

const RECORD_FILE = 'processes.json';
const PS_TIMEOUT_MS = 5_000;
const POLL_MS = 25;
/** What does not end by itself in this time is killed; services drain for a second. */
const PATIENCE_MS = 10_000;

const record = z.strictObject({ role: z.string(), pid: z.int(), began: z.string() });

/** A process we started. The number alone may belong to somebody else after a while; number and time do not. */
export type ProcessRecord = z.infer<typeof record>;

export async function readRecords(folder: string): Promise<ProcessRecord[]> {
  const text = await readIfThere(join(folder, RECORD_FILE));
  try {
    return z.array(record).parse(JSON.parse(text ?? '[]'));
  } catch {
    return []; // a damaged file names no process that we could be sure of
  }
}

export function writeRecords(folder: string, records: readonly ProcessRecord[]): Promise<void> {
  return replaceFile(join(folder, RECORD_FILE), `${JSON.stringify(records)}\n`);
}

/** What to remember of a process that was just started; null when it is gone already. */
export async function recordOf(role: string, pid: number): Promise<ProcessRecord | null> {
  const began = await beginningOf(pid);
  return began === null ? null : { role, pid, began };
}

async function isAlive({ pid, began }: ProcessRecord): Promise<boolean> {
  return (await beginningOf(pid)) === began;
}

export async function aliveOnes<R extends ProcessRecord>(records: readonly R[]): Promise<R[]> {
  const alive = await Promise.all(records.map(isAlive));
  return records.filter((_, index) => alive[index]);
}

export interface StopOptions {
  readonly signal?: NodeJS.Signals;
  readonly patienceMs?: number;
}

/** Ends processes that are ours, in order if they agree, and returns when they are gone. */
export async function stopAll(records: readonly ProcessRecord[], options: StopOptions = {}): Promise<void> {
  const { signal = 'SIGTERM', patienceMs = PATIENCE_MS } = options;
  await signalAll(records, signal);
  const deadline = AbortSignal.timeout(patienceMs);
  let left = await aliveOnes(records);
  while (left.length > 0) {
    if (deadline.aborted) await signalAll(left, 'SIGKILL');
    await pause(POLL_MS);
    left = await aliveOnes(left);
  }
}

async function signalAll(records: readonly ProcessRecord[], signal: NodeJS.Signals): Promise<void> {
  for (const { pid } of await aliveOnes(records)) {
    try {
      process.kill(pid, signal);
    } catch {
      // ended in between
    }
  }
}

/** When a process began, in words of the system that stay the same; null for a process that is gone. */
async function beginningOf(pid: number): Promise<string | null> {
  return process.platform === 'linux' ? beginningFromProc(pid) : beginningFromPs(pid);
}

async function beginningFromProc(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null);
  if (stat === null) return null;
  // proc(5): the name in parentheses may hold anything; state is the first field after it, start time the 20th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? null : (fields[19] ?? null);
}

async function beginningFromPs(pid: number): Promise<string | null> {
  const began = await runProgram('ps', ['-o', 'lstart=', '-p', String(pid)], { timeoutMs: PS_TIMEOUT_MS }).catch(
    () => '',
  );
  return began.trim() || null;
}
