import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { shown } from '../files/home.js';
import { Problem, UsageProblem } from '../problems.js';
import { findServers } from '../servers/find-servers.js';
import { countOf } from '../terminal/count-of.js';
import type { Terminal } from '../terminal/terminal.js';
import { readDevnet, runningNodes, writeDevnet } from './devnet-file.js';
import type { Devnet } from './devnet-file.js';
import { checkGivenNats, prepareGivenRedis, releaseGivenRedis } from './given-servers.js';
import { writeInfoFile } from './info-file.js';
import { createDevnet, removeDevnet } from './plan/create-devnet.js';
import type { PreparedDevnet } from './plan/create-devnet.js';
import type { NetworkFile } from './plan/network-file.js';
import { holdPortsAgain } from './plan/ports.js';
import { forgetSupervisor, isRunning, recordSupervisor, stopDevnet, stopSupervisor } from './run/running.js';
import { startDevnet } from './run/start-devnet.js';
import type { Supervisor } from './run/supervise.js';

export interface BringUpOptions {
  readonly dir: string;
  /** Null: as it was, or the default for a new one. */
  readonly network: NetworkFile | null;
  readonly defaultNetwork: NetworkFile;
  readonly separate: boolean;
  /** True removes what is in the folder. */
  readonly fresh: boolean;
  readonly infoFile?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  readonly interrupted: AbortSignal;
  readonly supervisor: Supervisor;
}

export interface UpDevnet {
  readonly devnet: Devnet;
  /** True when an existing one was started again, with its keys and messages. */
  readonly isOld: boolean;
  /** Lets go of the ports that keep other devnets away. */
  readonly releasePorts: () => Promise<void>;
}

/** Makes a devnet, or takes the one in the folder, and starts it. Whatever was started is stopped when that fails. */
export async function bringUp(options: BringUpOptions): Promise<UpDevnet> {
  const { dir, terminal, supervisor, interrupted } = options;
  if (options.infoFile) await rm(options.infoFile, { force: true }); // whoever waits for it must not see an old one
  const old = await oldDevnet(options);
  const { devnet: planned, ports } = old ? await prepareAgain(old, options) : await prepareNew(options);
  let devnet = planned;
  try {
    await recordSupervisor(devnet);
    devnet = await prepareGivenRedis(devnet, terminal);
    await writeDevnet(devnet);
    await startDevnet({ devnet, terminal, interrupted, onLaunched: (launched) => supervisor.watch(launched) });
    await supervisor.begin();
    if (options.infoFile) await writeInfoFile(options.infoFile, devnet);
    return { devnet, isOld: old !== null, releasePorts: () => ports.release() };
  } catch (cause) {
    terminal.note(`Stopping what was started; logs stay in ${shown(dir)}.`);
    await takeDown(devnet, 'keep');
    await ports.release();
    throw cause;
  }
}

/** Stops everything of a devnet and cleans up behind it on servers that are not ours. */
export async function takeDown(devnet: Devnet, data: 'keep' | 'remove'): Promise<number> {
  const count = await stopDevnet(devnet);
  await releaseGivenRedis(devnet, data);
  await forgetSupervisor(devnet);
  return count;
}

async function oldDevnet({ dir, fresh, network, separate }: BringUpOptions): Promise<Devnet | null> {
  const old = await readDevnet(dir).catch((cause: unknown) => {
    if (!fresh) throw cause;
    return null;
  });
  if (old && (await isRunning(old))) {
    if (!fresh) {
      throw new Problem(
        `The devnet in ${shown(dir)} runs already: \`starling devnet status\` shows it, \`down\` stops it.`,
      );
    }
    await stopSupervisor(old);
    await takeDown(old, 'remove');
  }
  if (fresh) {
    await removeDevnet(dir);
    return null;
  }
  if (old && ((network && !describes(network, old)) || (separate && !old.separate))) {
    throw new UsageProblem(
      `${shown(dir)} holds a devnet of ${countOf(runningNodes(old).length, 'node')}, which starts again without options; --fresh replaces it.`,
    );
  }
  return old;
}

/** True when a plain network (one that only says how many nodes) has the nodes of this devnet. */
function describes({ nodes }: NetworkFile, devnet: Devnet): boolean {
  const isPlain = nodes.every(
    ({ seed, swarm, https_port: port }) => seed === undefined && swarm === null && port === undefined,
  );
  return isPlain && nodes.map(({ name }) => name).join() === devnet.nodes.map(({ name }) => name).join();
}

async function prepareNew(options: BringUpOptions): Promise<PreparedDevnet> {
  const { dir, separate, env, terminal } = options;
  const network = options.network ?? options.defaultNetwork;
  const sources = await findServers(env, terminal);
  if (sources.nats.kind === 'given')
    await checkGivenNats(sources.nats.urls, network.nodes.filter(({ run }) => run).length);
  // Loaded only here: the platform takes a second and 70 MiB, which `devnet status` and the like need not pay.
  const { SystemClock } = await import('#platform');
  return createDevnet({ dir, network, sources, separate, nowMs: new SystemClock().now(), random: randomBytes });
}

/** The servers may come from elsewhere this time; the rest is as it was. */
async function prepareAgain(old: Devnet, { env, terminal }: BringUpOptions): Promise<PreparedDevnet> {
  const nodes = runningNodes(old);
  const sources = await findServers(env, terminal);
  if (sources.nats.kind === 'given') await checkGivenNats(sources.nats.urls, nodes.length);
  const ownUsers = sources.redis.kind !== 'given';
  const devnet = {
    ...old,
    redis: { ...old.redis, source: sources.redis, ownUsers },
    nats: { ...old.nats, source: sources.nats },
  };
  const local = nodes.flatMap(({ httpsPort, peerPort, run }) => [httpsPort, peerPort, ...Object.values(run)]);
  return { devnet, ports: await holdPortsAgain(old.guardPort, [old.redis.port, old.nats.port, ...local]) };
}
