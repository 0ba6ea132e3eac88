import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { shown } from '../files/home.js';
import { takeDown } from './bring-up.js';
import { addDirOption, chosenDevnet } from './chosen-devnet.js';
import type { DirOption } from './chosen-devnet.js';
import { stopSupervisor } from './run/running.js';

export const addDevnetDown: AddCommand = (parent, world) => {
  const command = parent.command('down').description('stop all processes of a devnet; its messages stay');
  addDirOption(command);
  finish<DirOption>(command, world, async ({ env, terminal }, { dir }) => {
    const devnet = await chosenDevnet(env, dir);
    if (!devnet) return { json: { stopped: false }, lines: ['No devnet runs here.'] };
    const progress = terminal.progress('stopping');
    try {
      await stopSupervisor(devnet);
      await takeDown(devnet, 'keep');
    } finally {
      progress.end();
    }
    return { json: { stopped: true, dir: devnet.dir }, lines: [`The devnet in ${shown(devnet.dir)} is stopped.`] };
  });
};
