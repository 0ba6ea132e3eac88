import { availableParallelism } from 'node:os';
import { countOf } from '../../terminal/count-of.js';
import { Interrupted } from '../../problems.js';
import type { Terminal } from '../../terminal/terminal.js';
import type { Devnet } from '../devnet-file.js';
import { nodeUnits, serverUnits } from '../units/devnet-units.js';
import { writeNatsConfig } from '../units/nats-unit.js';
import { writeRedisConfig } from '../units/redis-unit.js';
import type { Unit } from '../units/unit.js';
import { launch } from './launch.js';
import type { Launched } from './launch.js';
import { waitUntilReady } from './ready.js';

/** A Redis that loads its file, or a container that is made. */
const SERVERS_TIMEOUT_MS = 60_000;
/** From the start of a node; on two cores its start takes two seconds when it is alone. */
const NODE_TIMEOUT_MS = 60_000;
/** More processes at once would only make each of them slower: a start is all computing. */
const STARTS_AT_ONCE = availableParallelism() + 2;

export interface StartOptions {
  readonly devnet: Devnet;
  readonly terminal: Terminal;
  /** Ends the start early. */
  readonly interrupted: AbortSignal;
  /** Told of each process as soon as it runs. */
  readonly onLaunched: (launched: Launched) => void;
}

/** Starts the servers, then the nodes, and returns when all are ready. Throws Problem; what runs by then keeps running. */
export async function startDevnet(options: StartOptions): Promise<void> {
  const { devnet, terminal } = options;
  const servers = serverUnits(devnet);
  if (servers.length > 0) {
    const progress = terminal.progress('starting Redis and NATS');
    try {
      await Promise.all([writeRedisConfig(devnet), writeNatsConfig(devnet)]);
      await Promise.all(servers.map((unit) => startUnit(unit, SERVERS_TIMEOUT_MS, options)));
    } finally {
      progress.end();
    }
  }
  await startNodes(nodeUnits(devnet), options);
}

/** Starts one unit and waits until it is ready. */
export async function startUnit(
  unit: Unit,
  timeoutMs: number,
  { interrupted, onLaunched }: Pick<StartOptions, 'interrupted' | 'onLaunched'>,
): Promise<void> {
  const launched = await launch(unit);
  launched.forEach(onLaunched);
  await waitUntilReady(launched, timeoutMs, interrupted);
}

async function startNodes(units: readonly Unit[], options: StartOptions): Promise<void> {
  const progress = options.terminal.progress(`starting ${countOf(units.length, 'node')}`);
  const givenUp = new AbortController();
  const interrupted = AbortSignal.any([options.interrupted, givenUp.signal]);
  const waiting = units.values();
  const processesEach = units[0]?.processes.length ?? 1;
  let ready = 0;
  const worker = async (): Promise<void> => {
    for (const unit of waiting) {
      if (interrupted.aborted) return;
      await startUnit(unit, NODE_TIMEOUT_MS, { ...options, interrupted });
      ready += 1;
      progress.update(`${ready} of ${units.length} are ready`);
    }
  };
  const workers = Array.from(
    { length: Math.max(1, Math.floor(STARTS_AT_ONCE / processesEach)) },
    () => worker().catch((cause: unknown) => givenUp.abort(cause)), // only the first reason is kept
  );
  await Promise.all(workers);
  progress.end();
  givenUp.signal.throwIfAborted();
  if (interrupted.aborted) throw new Interrupted();
}
