import { InvalidArgumentError, Option } from 'commander';
import { finish } from '../command.js';
import type { AddCommand, Context, Outcome } from '../command.js';
import { devnetFolder, shown } from '../files/home.js';
import { UsageProblem } from '../problems.js';
import { countOf } from '../terminal/count-of.js';
import { interruption } from '../terminal/interrupt.js';
import { bringUp, takeDown } from './bring-up.js';
import { runningNodes } from './devnet-file.js';
import type { Devnet } from './devnet-file.js';
import { devnetInfo } from './info-file.js';
import { MAX_RUNNING_NODES, plainNetwork, readNetworkFile } from './plan/network-file.js';
import type { NetworkFile } from './plan/network-file.js';
import { forgetSupervisor } from './run/running.js';
import { Supervisor } from './run/supervise.js';
import { statusLines } from './status-lines.js';

interface Options {
  readonly nodes?: number;
  readonly dir?: string;
  readonly networkFile?: string;
  readonly infoFile?: string;
  readonly separate?: boolean;
  readonly fresh?: boolean;
  readonly detach?: boolean;
  readonly untilInputEnds?: boolean;
}

export const DEFAULT_NODES = 7;

export const addDevnetUp: AddCommand = (parent, world) => {
  const command = parent.command('up').description('start a network on this machine and watch it until Ctrl-C');
  command.option('--nodes <number>', `how many nodes (default: ${DEFAULT_NODES})`, readNodeCount);
  command.option('--dir <folder>', 'where its keys, logs and messages are (default: .starling/devnet)');
  command.option('--network-file <file>', 'nodes, keys, swarms and ports as this file says');
  command.option('--info-file <file>', 'write addresses, keys and process numbers there when it is up');
  command.option('--separate', 'three processes for each node instead of one');
  command.option('--fresh', 'remove the devnet that is in the folder, with its messages');
  command.option('--detach', 'return when it is up; `devnet down` stops it');
  command.addOption(new Option('--until-input-ends', 'stop when standard input ends, for programs').hideHelp());
  finish<Options>(command, world, up);
};

async function up({ env, terminal }: Context, options: Options): Promise<Outcome | undefined> {
  if (options.nodes !== undefined && options.networkFile !== undefined) {
    throw new UsageProblem('A network file says itself how many nodes there are: leave out --nodes.');
  }
  const supervisor = new Supervisor(terminal);
  const { signal: interrupted, release } = interruption(options.untilInputEnds);
  try {
    const { devnet, isOld, releasePorts } = await bringUp({
      dir: devnetFolder(env, options.dir),
      network: await askedNetwork(options),
      defaultNetwork: plainNetwork(DEFAULT_NODES),
      separate: options.separate ?? false,
      fresh: options.fresh ?? false,
      infoFile: options.infoFile,
      env,
      terminal,
      interrupted,
      supervisor,
    });
    terminal.object(await devnetInfo(devnet));
    for (const line of [...(await statusLines(devnet)), '', ...summary(devnet, isOld)]) terminal.line(line);
    if (options.detach) {
      await forgetSupervisor(devnet);
      await releasePorts();
      return undefined;
    }
    terminal.note('Ctrl-C stops it.');
    await supervisor.untilInterrupted(interrupted);
    supervisor.standDown();
    terminal.note('Stopping …');
    await takeDown(devnet, 'keep');
    await releasePorts();
    return undefined;
  } finally {
    release();
  }
}

async function askedNetwork({ nodes, networkFile }: Options): Promise<NetworkFile | null> {
  if (networkFile !== undefined) return readNetworkFile(networkFile);
  return nodes === undefined ? null : plainNetwork(nodes);
}

function summary(devnet: Devnet, isOld: boolean): string[] {
  const again = isOld ? 'again, with its keys and messages, ' : '';
  return [
    `Up ${again}in ${shown(devnet.dir)}: ${countOf(runningNodes(devnet).length, 'node')}.`,
    `Seed for clients: ${devnet.seedUrl}`,
  ];
}

export function readNodeCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MAX_RUNNING_NODES) return count;
  throw new InvalidArgumentError(`a whole number from 1 to ${MAX_RUNNING_NODES}.`);
}
