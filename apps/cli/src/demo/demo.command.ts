import { rm } from 'node:fs/promises';
import { AccountShelf } from '../account/account-shelf.js';
import { finish } from '../command.js';
import type { AddCommand, Context, Outcome } from '../command.js';
import { bringUp, takeDown } from '../devnet/bring-up.js';
import type { UpDevnet } from '../devnet/bring-up.js';
import { runningNodes } from '../devnet/devnet-file.js';
import type { Devnet } from '../devnet/devnet-file.js';
import { devnetInfo } from '../devnet/info-file.js';
import { plainNetwork } from '../devnet/plan/network-file.js';
import { Supervisor } from '../devnet/run/supervise.js';
import { DEFAULT_NODES, readNodeCount } from '../devnet/up.command.js';
import { shown } from '../files/home.js';
import { Interrupted, Problem } from '../problems.js';
import { countOf } from '../terminal/count-of.js';
import { interruption } from '../terminal/interrupt.js';
import type { Terminal } from '../terminal/terminal.js';
import { deliver, newPerson } from './conversation.js';
import type { Delivery } from './conversation.js';
import { newDemoFolder, othersRun } from './demo-folder.js';
import { tellDelivery } from './story.js';

interface Options {
  readonly nodes: number;
  readonly infoFile?: string;
  readonly separate?: boolean;
  readonly once?: boolean;
}

export const addDemo: AddCommand = (parent, world) => {
  const command = parent.command('demo').description('start a network and send a message each way');
  command.option('--nodes <number>', 'how many nodes', readNodeCount, DEFAULT_NODES);
  command.option('--info-file <file>', 'write addresses, keys and process numbers there when it is up');
  command.option('--separate', 'three processes for each node instead of one');
  command.option('--once', 'stop everything afterwards');
  finish<Options>(command, world, demo);
};

async function demo({ env, terminal }: Context, options: Options): Promise<Outcome | undefined> {
  const supervisor = new Supervisor(terminal);
  const { signal: interrupted, release } = interruption();
  const network = plainNetwork(options.nodes);
  terminal.note(`Starting a private network of ${countOf(options.nodes, 'node')} on this machine.`);
  const up = await bringUp({
    dir: await newDemoFolder(env),
    network,
    defaultNetwork: network,
    separate: options.separate ?? false,
    fresh: true,
    infoFile: options.infoFile,
    env,
    terminal,
    interrupted,
    supervisor,
  });
  const stop = async (): Promise<void> => {
    supervisor.standDown();
    terminal.note('Stopping everything …');
    await takeDown(up.devnet, 'remove');
    await up.releasePorts();
    await rm(up.devnet.dir, { recursive: true, force: true });
  };
  try {
    const deliveries = await converse(up, env, terminal);
    const result = `delivered ${deliveries.filter(({ isDelivered }) => isDelivered).length}/${deliveries.length}`;
    const json = { result, deliveries, network: await devnetInfo(up.devnet) };
    if (deliveries.some(({ isDelivered }) => !isDelivered)) throw new Problem(`Not every message arrived: ${result}.`);
    if (options.once) {
      await stop();
      return { json, lines: [result] };
    }
    if (interrupted.aborted) throw new Interrupted();
    terminal.object(json);
    terminal.line(result);
    await suggest(up.devnet, env, terminal);
    await supervisor.untilInterrupted(interrupted);
    await stop();
    return undefined;
  } catch (cause) {
    await stop();
    throw cause;
  } finally {
    release();
  }
}

/** Two accounts, a message each way, and what everybody saw of them. */
async function converse({ devnet }: UpDevnet, env: NodeJS.ProcessEnv, terminal: Terminal): Promise<Delivery[]> {
  const names = new Map(devnet.nodes.map(({ name, ip, httpsPort }) => [`${ip}:${httpsPort}`, name]));
  const swarms = new Set(runningNodes(devnet).map(({ swarmId }) => swarmId)).size;
  terminal.line(`It is up: ${countOf(devnet.nodes.length, 'node')} in ${countOf(swarms, 'swarm')}.`);
  terminal.line();

  const shelf = new AccountShelf(env, devnet.dir);
  const alice = await newPerson('Alice', devnet.seedUrl);
  const bob = await newPerson('Bob', devnet.seedUrl);
  try {
    for (const { name, account } of [alice, bob]) await shelf.put(name.toLowerCase(), account);
    const deliveries: Delivery[] = [];
    for (const [from, to, text] of [
      [alice, bob, 'Hello Bob, can anybody read this?'],
      [bob, alice, 'Only you, Alice.'],
    ] as const) {
      const progress = terminal.progress(`${from.name} writes to ${to.name}`);
      const delivery = await deliver(from, to, text).finally(() => progress.end());
      deliveries.push(delivery);
      if (deliveries.length === 1)
        terminal.note(`First message delivered ${process.uptime().toFixed(1)} s after the start.`);
      tellDelivery(terminal, delivery, ({ address, key }) => names.get(address) ?? key);
    }
    return deliveries;
  } finally {
    await Promise.all([alice.client.close(), bob.client.close()]);
  }
}

async function suggest(devnet: Devnet, env: NodeJS.ProcessEnv, terminal: Terminal): Promise<void> {
  const { bold } = terminal.colors;
  const where = (await othersRun(env, devnet.dir)) ? ` --dir ${shown(devnet.dir)}` : '';
  terminal.line('The network keeps running; Ctrl-C stops it. In another terminal, try:');
  terminal.line(`  ${bold(`npx starling send bob "Are you there?" --as alice${where}`)}`);
  terminal.line(`  ${bold(`npx starling receive --as bob --follow${where}`)}`);
  terminal.line(`  ${bold(`npx starling devnet status${where}`)}`);
}
