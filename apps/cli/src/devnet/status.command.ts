import { finish } from '../command.js';
import type { AddCommand } from '../command.js';
import { shown } from '../files/home.js';
import { addDirOption, chosenDevnet } from './chosen-devnet.js';
import type { DirOption } from './chosen-devnet.js';
import { isRunning } from './run/running.js';
import { devnetStatus, statusLines } from './status-lines.js';

export const addDevnetStatus: AddCommand = (parent, world) => {
  const command = parent.command('status').description('show the nodes and servers of a devnet');
  addDirOption(command);
  finish<DirOption>(command, world, async ({ env }, { dir }) => {
    const devnet = await chosenDevnet(env, dir);
    if (!devnet) return { json: { running: false }, lines: ['No devnet runs here.'] };
    const running = await isRunning(devnet);
    return {
      json: { running, dir: devnet.dir, seed_url: devnet.seedUrl, ...(await devnetStatus(devnet)) },
      lines: [...(await statusLines(devnet)), `seed: ${devnet.seedUrl}  folder: ${shown(devnet.dir)}`],
    };
  });
};
