import { setTimeout as pause } from 'node:timers/promises';
import { InvalidArgumentError } from 'commander';
import { SystemClock } from '#platform';
import type { Clock } from '#platform';
import { finish } from '../command.js';
import type { AddCommand, Context, Outcome } from '../command.js';
import { chosenDevnet } from '../devnet/chosen-devnet.js';
import { runningNodes } from '../devnet/devnet-file.js';
import { adminUrl } from '../devnet/units/node-unit.js';
import { EXIT } from '../exit-codes.js';
import { Problem, UsageProblem } from '../problems.js';
import { addSettingsOption, adminPorts, readAdminUrl } from '../running/admin-ports.js';
import type { SettingsOption } from '../running/admin-ports.js';
import { untilInterrupted } from '../terminal/interrupt.js';
import { ratesBetween } from './rates.js';
import type { Rates, Sample } from './rates.js';
import { readNode } from './read-status.js';
import type { NodeReading } from './read-status.js';
import { screenLines } from './screen.js';

interface Options extends SettingsOption {
  readonly admin?: readonly string[];
  readonly dir?: string;
  readonly node?: string;
  readonly watch?: boolean;
  readonly every: number;
}

type Ports = Parameters<typeof readNode>[0];

const SERVICE_NAMES = ['relay', 'storage', 'swarm-manager'] as const;
const DEFAULT_EVERY_S = 2;
/** Between the two looks that rates are made of. */
const SAMPLE_MS = 1_000;

export const addStatus: AddCommand = (parent, world) => {
  const command = parent.command('status').description('one screen about a running node');
  addSettingsOption(command);
  command.option('--admin <url...>', 'admin ports of its services (default: as its settings say, else the usual ones)');
  command.option('--dir <folder>', 'a node of the devnet in this folder');
  command.option('--node <name>', 'which one, such as node-2 (default: the first)');
  command.option('--watch', 'again and again until Ctrl-C; with --json one object each time');
  command.option('--every <seconds>', 'with --watch: how often', readSeconds, DEFAULT_EVERY_S);
  finish<Options>(command, world, async (context, options) => {
    const clock = world.clock ?? new SystemClock();
    const ports = await whichPorts(context.env, options);
    if (!options.watch) return once(context, ports, clock);
    await watch(context, ports, clock, options.every);
    return undefined;
  });
};

async function whichPorts(env: NodeJS.ProcessEnv, options: Options): Promise<Ports> {
  const { admin, dir, node, envFile } = options;
  if ([admin, dir ?? node, envFile].filter((given) => given !== undefined).length > 1) {
    throw new UsageProblem('Say once which node is meant: with --admin, --env-file, or --dir and --node.');
  }
  if (admin !== undefined) return admin.map((text) => ({ url: readAdminUrl(text) }));
  return dir === undefined && node === undefined ? adminPorts(env, { envFile }) : devnetPorts(env, dir, node);
}

async function devnetPorts(env: NodeJS.ProcessEnv, dir: string | undefined, name: string | undefined): Promise<Ports> {
  const devnet = await chosenDevnet(env, dir);
  if (devnet === null) throw new Problem('No devnet runs here.');
  const nodes = runningNodes(devnet);
  const node = name === undefined ? nodes[0] : nodes.find((each) => each.name === name);
  if (node === undefined) {
    throw new UsageProblem(
      `The devnet has no node ${name ?? ''}: it has ${nodes.map((each) => each.name).join(', ')}.`,
    );
  }
  return SERVICE_NAMES.map((service) => ({ service, url: adminUrl(node, service) }));
}

async function once({ terminal }: Context, ports: Ports, clock: Clock): Promise<Outcome> {
  const progress = terminal.progress('looking twice, for rates');
  try {
    const { sample } = await readNode(ports, clock);
    await pause(SAMPLE_MS);
    const reading = await readNode(ports, clock);
    const rates = ratesBetween(sample, reading.sample);
    const isReady = reading.services.every(({ state }) => state === 'ready');
    return {
      json: asJson(reading, rates),
      lines: screenLines(reading, rates, terminal.colors),
      exitCode: isReady ? EXIT.ok : EXIT.failure,
    };
  } finally {
    progress.end();
  }
}

async function watch({ terminal }: Context, ports: Ports, clock: Clock, everyS: number): Promise<void> {
  let before: Sample | undefined;
  await untilInterrupted(everyS * 1_000, async () => {
    const reading = await readNode(ports, clock);
    const rates = before === undefined ? null : ratesBetween(before, reading.sample);
    before = reading.sample;
    terminal.clear();
    terminal.object(asJson(reading, rates));
    for (const line of [...screenLines(reading, rates, terminal.colors), '']) terminal.line(line);
  });
}

function asJson({ services, standing, redis }: NodeReading, rates: Rates | null): object {
  return { ready: services.every(({ state }) => state === 'ready'), services, standing, rates, redis };
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds >= 1 && seconds <= 3_600) return seconds;
  throw new InvalidArgumentError('1 to 3600 seconds.');
}
