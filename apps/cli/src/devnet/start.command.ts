import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { Problem } from '../problems.js';
import { interruption } from '../terminal/interrupt.js';
import { addDirOption, chosenDevnet } from './chosen-devnet.js';
import type { DirOption } from './chosen-devnet.js';
import { readRecords } from './run/process-record.js';
import { aliveProcesses } from './run/running.js';
import { startUnit } from './run/start-devnet.js';
import { unitNamed } from './units/devnet-units.js';

const READY_TIMEOUT_MS = 60_000;

export const addDevnetStart: AddCommand = (parent, world) => {
  const command = parent.command('start').description('start a node or server of a running devnet again');
  command.argument('<name>', 'node-3, redis or nats');
  addDirOption(command);
  finish<DirOption>(command, world, async ({ env, terminal }, { dir }, [name = '']) => {
    const devnet = await chosenDevnet(env, dir);
    if (!devnet) throw new Problem('No devnet runs here: `starling devnet up` starts one.');
    const unit = unitNamed(devnet, name);
    if ((await aliveProcesses(unit)).length > 0) throw new Problem(`${name} runs already.`);
    const progress = terminal.progress(`starting ${name}`);
    const { signal: interrupted, release } = interruption();
    try {
      await startUnit(unit, READY_TIMEOUT_MS, { interrupted, onLaunched: () => undefined });
    } finally {
      progress.end();
      release();
    }
    const pids = (await readRecords(unit.folder)).map(({ role, pid }) => [role, pid] as const);
    return { json: { name, pids: Object.fromEntries(pids) }, lines: [`${name} is ready.`] };
  });
};
