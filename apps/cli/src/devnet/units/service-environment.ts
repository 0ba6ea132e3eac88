import { join } from 'node:path';
import { nodeFolder } from '../devnet-file.js';
import type { Devnet, RunningNode } from '../devnet-file.js';
import { KEY_FILE, NATS_PASSWORD_FILE, REDIS_PASSWORD_FILE, redisPrefixOf, userOf } from './credentials.js';

type Settings = Record<string, string>;

/** A devnet is stopped by people who wait; its clients are toys. */
const DRAIN_MS = 1_000;
/** So is a new list waited for, and reading it costs one machine nothing. */
const LIST_POLL_MS = 1_000;
/** Twice as often as elsewhere: so soon does a node know its standing. Many nodes share the machine. */
const PING_INTERVAL_MS = 5_000;
const LOCAL = '127.0.0.1';
const OUR_PREFIXES = ['RELAY_', 'STORAGE_', 'SWARM_MANAGER_'];

/** All settings of the three services of one node: docs/operators/settings.md. */
export function serviceSettings(devnet: Devnet, node: RunningNode): Settings {
  return { ...relaySettings(devnet, node), ...storageSettings(devnet, node), ...swarmManagerSettings(devnet, node) };
}

/** This process's environment without settings of services, which would reach every node. */
export function cleanEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => name !== 'NODE_OPTIONS' && !OUR_PREFIXES.some((prefix) => name.startsWith(prefix)),
  );
  return Object.fromEntries(kept);
}

function relaySettings(devnet: Devnet, node: RunningNode): Settings {
  return {
    ...commonSettings('RELAY_', node.run.relayAdmin, devnet, node),
    RELAY_STATE_DIR: join(nodeFolder(devnet, node), 'relay'),
    RELAY_HTTPS_HOST: node.ip,
    RELAY_HTTPS_PORT: String(node.httpsPort),
    RELAY_PEER_HOST: node.ip,
    RELAY_PEER_PORT: String(node.peerPort),
    RELAY_OUTSIDE_ALLOW: devnet.outsideAllow.join(','),
    RELAY_DRAIN_MS: String(DRAIN_MS),
  };
}

function storageSettings(devnet: Devnet, node: RunningNode): Settings {
  const { source, port, ownUsers } = devnet.redis;
  const own = {
    STORAGE_REDIS_USER: userOf(devnet, node),
    STORAGE_REDIS_PASSWORD_FILE: join(nodeFolder(devnet, node), REDIS_PASSWORD_FILE),
  };
  const given = source.kind === 'given' ? (source.urls[0] ?? '') : '';
  return {
    ...commonSettings('STORAGE_', node.run.storageAdmin, devnet, node),
    STORAGE_REDIS_URL: given ? (ownUsers ? withoutUser(given) : given) : `redis://${LOCAL}:${port}`,
    STORAGE_REDIS_PREFIX: redisPrefixOf(devnet, node),
    ...(ownUsers ? own : {}),
  };
}

function swarmManagerSettings(devnet: Devnet, node: RunningNode): Settings {
  return {
    ...commonSettings('SWARM_MANAGER_', node.run.swarmManagerAdmin, devnet, node),
    SWARM_MANAGER_STATE_DIR: join(nodeFolder(devnet, node), 'swarm-manager'),
    SWARM_MANAGER_NETWORK: devnet.network,
    SWARM_MANAGER_LIST: listFile(devnet),
    SWARM_MANAGER_LIST_POLL_MS: String(LIST_POLL_MS),
    SWARM_MANAGER_PING_INTERVAL_MS: String(PING_INTERVAL_MS),
    SWARM_MANAGER_ADMINS: devnet.admin,
    SWARM_MANAGER_HARDFORK: devnet.hardfork.join('.'),
    SWARM_MANAGER_SEED_HOST: LOCAL,
    SWARM_MANAGER_SEED_PORT: String(node.run.seed),
  };
}

/** The signed list, one file for all nodes. */
function listFile({ dir }: Pick<Devnet, 'dir'>): string {
  return join(dir, 'network.json');
}

function commonSettings(prefix: string, adminPort: number, devnet: Devnet, node: RunningNode): Settings {
  const folder = nodeFolder(devnet, node);
  const settings = {
    KEY_FILE: join(folder, KEY_FILE),
    ADMIN_HOST: LOCAL,
    ADMIN_PORT: String(adminPort),
    REPORTED_VERSION: devnet.version,
    ...natsSettings(devnet, node, join(folder, NATS_PASSWORD_FILE)),
  };
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [`${prefix}${name}`, value]));
}

function natsSettings(devnet: Devnet, node: RunningNode, passwordFile: string): Settings {
  const { source, port } = devnet.nats;
  if (source.kind !== 'given') {
    return { NATS_URL: `nats://${LOCAL}:${port}`, NATS_USER: userOf(devnet, node), NATS_PASSWORD_FILE: passwordFile };
  }
  const given = new URL(
    source.urls[devnet.nodes.filter(({ run }) => run !== null).indexOf(node)] ?? source.urls[0] ?? '',
  );
  const credentials: Settings = given.username
    ? { NATS_USER: decodeURIComponent(given.username), NATS_PASSWORD: decodeURIComponent(given.password) }
    : {};
  return { NATS_URL: withoutUser(given.href), ...credentials };
}

function withoutUser(url: string): string {
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  return plain.href;
}
