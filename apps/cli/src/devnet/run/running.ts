import { join } from 'node:path';
import { removeContainer } from '../../servers/container-engine.js';
import type { Devnet } from '../devnet-file.js';
import { nodeUnits, serverUnits } from '../units/devnet-units.js';
import type { Unit } from '../units/unit.js';
import { aliveOnes, readRecords, recordOf, stopAll, writeRecords } from './process-record.js';
import type { ProcessRecord } from './process-record.js';

/** It stops fifty nodes in order before it ends. */
const SUPERVISOR_PATIENCE_MS = 60_000;

/** The command that watches a devnet in the foreground has records of its own here. */
const supervisorFolder = ({ dir }: Pick<Devnet, 'dir'>): string => join(dir, 'supervisor');

/** The processes of a unit that are alive. */
export async function aliveProcesses(unit: Unit): Promise<ProcessRecord[]> {
  return aliveOnes(await readRecords(unit.folder));
}

/** True when anything of the devnet runs, or is being started. */
export async function isRunning(devnet: Devnet): Promise<boolean> {
  const folders = [...nodeUnits(devnet), ...serverUnits(devnet)].map(({ folder }) => folder);
  const records = await Promise.all([...folders, supervisorFolder(devnet)].map(readRecords));
  return (await aliveOnes(records.flat().filter(({ pid }) => pid !== process.pid))).length > 0;
}

/** Ends a unit, by the recorded processes that are still ours. */
export async function stopUnit(unit: Unit, signal: NodeJS.Signals = unit.stopSignal ?? 'SIGTERM'): Promise<number> {
  const alive = await aliveProcesses(unit);
  await stopAll(alive, { signal });
  await writeRecords(unit.folder, []);
  if (unit.container) await removeContainer(unit.container);
  return alive.length;
}

/** Ends all of a devnet: the nodes first, so that none of them misses a server. Gives back how many processes ran. */
export async function stopDevnet(devnet: Devnet): Promise<number> {
  const nodes = await Promise.all(nodeUnits(devnet).map((unit) => stopUnit(unit)));
  const servers = await Promise.all(serverUnits(devnet).map((unit) => stopUnit(unit)));
  return [...nodes, ...servers].reduce((sum, count) => sum + count, 0);
}

/** Writes down that this process watches the devnet. */
export async function recordSupervisor(devnet: Devnet): Promise<void> {
  const own = await recordOf('supervisor', process.pid);
  await writeRecords(supervisorFolder(devnet), own ? [own] : []);
}

export async function forgetSupervisor(devnet: Devnet): Promise<void> {
  await writeRecords(supervisorFolder(devnet), []);
}

/** Ends the command that watches the devnet, if one does; it stops everything before it ends. */
export async function stopSupervisor(devnet: Devnet): Promise<void> {
  const records = await readRecords(supervisorFolder(devnet));
  await stopAll(
    records.filter(({ pid }) => pid !== process.pid),
    { patienceMs: SUPERVISOR_PATIENCE_MS },
  );
}
