import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesToHex, hexToBytes, INVALID_SWARM_ID, NodeKey, noblePrimitives } from '#protocol';
import type { RandomBytes, SwarmMap } from '#protocol';
import { DEVNET_FILE, shown } from '../../files/home.js';
import { makeFolder } from '../../files/make-folder.js';
import { createSecretFile } from '../../files/private-file.js';
import { Problem } from '../../problems.js';
import type { ServerSources } from '../../servers/server-source.js';
import { nodeFolder, withDerived, writeDevnet } from '../devnet-file.js';
import type { Devnet, DevnetNode } from '../devnet-file.js';
import { KEY_FILE, NATS_PASSWORD_FILE, REDIS_PASSWORD_FILE } from '../units/credentials.js';
import type { NetworkFile, NetworkFileNode } from './network-file.js';
import { findPorts } from './ports.js';
import type { PortBlock } from './ports.js';
import { signDevnetList } from './sign-devnet-list.js';

const SEED_BYTES = 32;
const PASSWORD_BYTES = 24;
const ID_BYTES = 3;
/** https, peer, three admin ports and the seed. */
const PORTS_PER_NODE = 6;
const SERVER_PORTS = 2;
/** Where nobody listens: entries that do not run get addresses below the ports of ordinary programs. */
const FIRST_IDLE_PORT = 2;

export interface DevnetOrder {
  readonly dir: string;
  readonly network: NetworkFile;
  readonly sources: ServerSources;
  readonly separate: boolean;
  readonly nowMs: number;
  readonly random: RandomBytes;
}

/** A devnet whose files are written and whose ports are held, ready to be started. */
export interface PreparedDevnet {
  readonly devnet: Devnet;
  readonly ports: PortBlock;
}

/** Makes keys, passwords, ports and the signed list of a new devnet. Throws Problem. */
export async function createDevnet(order: DevnetOrder): Promise<PreparedDevnet> {
  const { dir, network, sources, random } = order;
  await makeFolder(dir);
  if ((await readdir(dir)).length > 0)
    throw new Problem(`${shown(dir)} is not empty: choose another folder with --dir.`);

  const running = network.nodes.filter(({ run }) => run).length;
  const taken = new Set(network.nodes.flatMap(({ https_port: https, peer_port: peer }) => [https ?? 0, peer ?? 0]));
  const ports = await findPorts(running * PORTS_PER_NODE + SERVER_PORTS, random, taken);
  try {
    const next = dealer(ports.ports);
    const nextIdle = dealer(Array.from({ length: 2 * network.nodes.length }, (_, index) => FIRST_IDLE_PORT + index));
    const redis = { source: sources.redis, port: next(), ownUsers: sources.redis.kind !== 'given' };
    const nats = { source: sources.nats, port: next() };
    const planned = network.nodes.map((entry) => planNode(entry, random, entry.run ? next : nextIdle));
    const { file: list, admin, swarms } = signDevnetList({ network, nodes: planned, nowMs: order.nowMs, random });
    const devnet = withDerived(
      {
        format: 1,
        id: bytesToHex(random(ID_BYTES)),
        network: network.network,
        admin: admin.id,
        hardfork: network.hardfork,
        version: network.version,
        outsideAllow: network.outside_allow,
        separate: order.separate,
        guardPort: ports.guardPort,
        redis,
        nats,
        nodes: planned.map(({ node }) => ({ ...node, swarmId: swarmIdIn(swarms, node.ed25519) })),
      },
      dir,
    );
    await createSecretFile(join(dir, 'admin.key'), `${bytesToHex(admin.seed)}\n`);
    await createSecretFile(join(dir, 'network.json'), list);
    await Promise.all(planned.filter(({ node }) => node.run).map((each) => writeNodeFiles(devnet, each, random)));
    await writeDevnet(devnet);
    return { devnet, ports };
  } catch (cause) {
    await ports.release();
    await rm(dir, { recursive: true, force: true }); // it was empty before
    throw cause;
  }
}

/** Removes a devnet with all its data; anything else in the way is left alone. Throws Problem. */
export async function removeDevnet(dir: string): Promise<void> {
  const names = await readdir(dir).catch((): string[] => []);
  if (names.length === 0) return;
  if (!names.includes(DEVNET_FILE)) throw new Problem(`${shown(dir)} holds no devnet and is not removed.`);
  await rm(dir, { recursive: true, force: true });
}

export interface PlannedNode {
  readonly key: NodeKey;
  readonly node: Omit<DevnetNode, 'swarmId'>;
  /** Null: the network's own rules choose. */
  readonly swarm: bigint | null;
}

function planNode(entry: NetworkFileNode, random: RandomBytes, nextPort: () => number): PlannedNode {
  const given = entry.seed === undefined ? null : hexToBytes(entry.seed);
  const key = NodeKey.fromSeed(given ?? random(SEED_BYTES), noblePrimitives);
  const node = {
    name: entry.name,
    ed25519: key.id,
    x25519: bytesToHex(key.x25519.publicKey),
    ip: entry.ip,
    httpsPort: entry.https_port ?? nextPort(),
    peerPort: entry.peer_port ?? nextPort(),
    state: entry.state,
    run: entry.run
      ? { relayAdmin: nextPort(), storageAdmin: nextPort(), swarmManagerAdmin: nextPort(), seed: nextPort() }
      : null,
  };
  return { key, node, swarm: entry.swarm === null ? null : BigInt(`0x${entry.swarm}`) };
}

async function writeNodeFiles(devnet: Devnet, { key, node }: PlannedNode, random: RandomBytes): Promise<void> {
  const folder = nodeFolder(devnet, node);
  await createSecretFile(join(folder, KEY_FILE), `${bytesToHex(key.seed)}\n`);
  for (const file of [NATS_PASSWORD_FILE, REDIS_PASSWORD_FILE]) {
    await createSecretFile(join(folder, file), `${bytesToHex(random(PASSWORD_BYTES))}\n`);
  }
  for (const state of ['relay', 'swarm-manager']) await makeFolder(join(folder, state));
}

/** Hands out the members of a list one after the other. */
function dealer(ports: readonly number[]): () => number {
  const left = ports.values();
  return () => {
    const { value } = left.next();
    if (value === undefined) throw new Problem('The devnet needs more ports than were found.');
    return value;
  };
}

/** 16 hex digits, as the info file and `devnet status` show it; all `f` for a node in no swarm. */
function swarmIdIn(swarms: SwarmMap, ed25519: string): string {
  const [id] = [...swarms].find(([, members]) => members.includes(ed25519)) ?? [INVALID_SWARM_ID];
  return id.toString(16).padStart(16, '0');
}
