import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeFolder } from '../devnet-file.js';
import type { Devnet, RunningNode } from '../devnet-file.js';
import { cleanEnvironment, serviceSettings } from './service-environment.js';
import type { Probe, ProcessSpec, Role, Unit } from './unit.js';

const SERVICES = ['relay', 'storage', 'swarm-manager'] as const;
type Service = (typeof SERVICES)[number];

/**
 * A devnet is many small processes on one machine. Measured for one node on Node 20: 144 MiB without these, 107 MiB with
 * them, for a tenth more computing.
 */
const NODE_FLAGS = ['--max-semi-space-size=4', '--max-old-space-size=192', '--optimize-for-size'];
/** Other flags of Node instead, for measurements: `--optimize-for-size` costs computing time under load. May be empty. */
const FLAGS_VARIABLE = 'STARLING_DEVNET_NODE_FLAGS';
/** What every service of a devnet logs, for whoever looks closely: a value of LOG_LEVEL. */
const LOG_LEVEL_VARIABLE = 'STARLING_DEVNET_LOG_LEVEL';
const NODE_ENVIRONMENT = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072', // large bodies go back to the system when they are done with, not to a heap with holes
};

/** The compiled entry point of a service, as the URL that --import wants. */
const entryOf = (service: Service): URL => new URL(`../../../../${service}/src/main.js`, import.meta.url);

/** A node: one process for its three services, or three. */
export function nodeUnit(devnet: Devnet, node: RunningNode): Unit {
  const folder = nodeFolder(devnet, node);
  const settings = { ...logSettings(process.env[LOG_LEVEL_VARIABLE]), ...serviceSettings(devnet, node) };
  const env = { ...cleanEnvironment(process.env), ...NODE_ENVIRONMENT, ...settings };
  const processes = devnet.separate
    ? SERVICES.map((service) => nodeProcess(service, [service], folder, env, node))
    : [nodeProcess('node', SERVICES, folder, env, node)];
  return { name: node.name, folder, processes };
}

function nodeProcess(
  role: Role,
  services: readonly Service[],
  folder: string,
  env: NodeJS.ProcessEnv,
  node: RunningNode,
): ProcessSpec {
  const [main, ...others] = services.map(entryOf);
  const imports = others.flatMap(({ href }) => ['--import', href]);
  const args = [...nodeFlags(env[FLAGS_VARIABLE]), ...imports, main ? fileURLToPath(main) : ''];
  const probes = services.map((service): Probe => ({ kind: 'http', url: `${adminUrl(node, service)}/health/ready` }));
  return { role, program: process.execPath, args, env, logFile: join(folder, `${role}.log`), probes };
}

const nodeFlags = (told: string | undefined): readonly string[] => told?.split(' ').filter(Boolean) ?? NODE_FLAGS;

const logSettings = (level = ''): Readonly<Record<string, string>> => ({
  RELAY_LOG_LEVEL: level,
  STORAGE_LOG_LEVEL: level,
  SWARM_MANAGER_LOG_LEVEL: level,
});

/** Where one service of a node tells how it is. */
export function adminUrl({ run }: RunningNode, service: Service): string {
  const ports = { relay: run.relayAdmin, storage: run.storageAdmin, 'swarm-manager': run.swarmManagerAdmin };
  return `http://127.0.0.1:${ports[service]}`;
}
