import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { makeFolder } from '../../files/make-folder.js';
import { Problem, sentenceOf } from '../../problems.js';
import type { ProcessSpec, Unit } from '../units/unit.js';
import { recordOf, writeRecords } from './process-record.js';
import type { ProcessRecord } from './process-record.js';

/** How a process ended: `code 1` or `SIGKILL`. */
export type Ending = string;

/** A process that we started and watch. */
export interface Launched {
  readonly unit: Unit;
  readonly spec: ProcessSpec;
  readonly pid: number;
  /** Where its log begins in the file, which holds those of earlier runs too. */
  readonly logStart: number;
  /** Fulfilled when it ends. */
  readonly ended: Promise<Ending>;
  /** How it ended, once it has. */
  readonly ending: () => Ending | null;
}

/** Starts all processes of a unit and writes down which they are. They outlive us unless they are stopped. */
export async function launch(unit: Unit): Promise<Launched[]> {
  await makeFolder(unit.folder);
  const launched = await Promise.all(unit.processes.map((spec) => start(unit, spec)));
  const records = await Promise.all(launched.map(({ spec, pid }) => recordOf(spec.role, pid)));
  await writeRecords(
    unit.folder,
    records.filter((each): each is ProcessRecord => each !== null),
  );
  return launched;
}

async function start(unit: Unit, spec: ProcessSpec): Promise<Launched> {
  const log = openSync(spec.logFile, 'a', 0o600);
  const { size: logStart } = fstatSync(log);
  // A session of its own: Ctrl-C is for the command, which then stops everything in order.
  const child = spawn(spec.program, spec.args, {
    env: spec.env,
    cwd: unit.folder,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(new Problem(`${spec.program} cannot be started: ${sentenceOf(cause)}.`)));
  });
  let ending: Ending | null = null;
  const ended = new Promise<Ending>((resolve) => {
    child.once('exit', (code, signal) => {
      ending = signal ?? `code ${code}`;
      resolve(ending);
    });
  });
  child.unref();
  return { unit, spec, pid: child.pid ?? 0, logStart, ended, ending: () => ending };
}
