import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { Problem } from '../problems.js';
import { addDirOption, chosenDevnet } from './chosen-devnet.js';
import type { DirOption } from './chosen-devnet.js';
import { stopUnit } from './run/running.js';
import { unitNamed } from './units/devnet-units.js';

interface Options extends DirOption {
  readonly kill?: boolean;
}

export const addDevnetStop: AddCommand = (parent, world) => {
  const command = parent.command('stop').description('stop one node or server, to see what the network does then');
  command.argument('<name>', 'node-3, redis or nats');
  command.option('--kill', 'at once, as a power cut would');
  addDirOption(command);
  finish<Options>(command, world, async ({ env, terminal }, { dir, kill }, [name = '']) => {
    const devnet = await chosenDevnet(env, dir);
    if (!devnet) throw new Problem('No devnet runs here: `starling devnet up` starts one.');
    const unit = unitNamed(devnet, name);
    const progress = terminal.progress(`stopping ${name}`);
    const count = await stopUnit(unit, kill ? 'SIGKILL' : undefined).finally(() => progress.end());
    return { json: { name, stopped: count > 0 }, lines: [count > 0 ? `${name} is stopped.` : `${name} did not run.`] };
  });
};
