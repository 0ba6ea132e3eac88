import { replacePublicFile } from '../files/private-file.js';
import { runningNodes, seedUrlOf } from './devnet-file.js';
import type { Devnet } from './devnet-file.js';
import { readRecords } from './run/process-record.js';
import { adminUrl, nodeUnit } from './units/node-unit.js';

interface Pids {
  readonly relay: number | null;
  readonly storage: number | null;
  readonly swarm_manager: number | null;
}

/** What programs that use a devnet want to know about it. */
export interface DevnetInfo {
  readonly seed_url: string;
  readonly nodes: readonly {
    readonly name: string;
    readonly ip: string;
    readonly https_port: number;
    readonly peer_port: number;
    readonly pubkey_ed25519: string;
    readonly pubkey_x25519: string;
    /** 16 hex digits. */
    readonly swarm_id: string;
    readonly state: string;
    readonly pids: Pids;
    /** Of the relay; null for an entry that does not run. */
    readonly admin_url: string | null;
    readonly admin_urls: Readonly<Record<'relay' | 'storage' | 'swarm_manager', string>> | null;
    readonly seed_url: string | null;
  }[];
  readonly redis_url: string;
  readonly nats_url: string;
  readonly dir: string;
}

/** Entries of the list that do not run are included, without processes. */
export async function devnetInfo(devnet: Devnet): Promise<DevnetInfo> {
  const running = new Map(runningNodes(devnet).map((node) => [node.ed25519, node]));
  const nodes = devnet.nodes.map(async (entry) => {
    const node = running.get(entry.ed25519);
    return {
      name: entry.name,
      ip: entry.ip,
      https_port: entry.httpsPort,
      peer_port: entry.peerPort,
      pubkey_ed25519: entry.ed25519,
      pubkey_x25519: entry.x25519,
      swarm_id: entry.swarmId,
      state: entry.state,
      pids: node ? await pidsOf(devnet, node) : { relay: null, storage: null, swarm_manager: null },
      admin_url: node ? adminUrl(node, 'relay') : null,
      admin_urls: node
        ? {
            relay: adminUrl(node, 'relay'),
            storage: adminUrl(node, 'storage'),
            swarm_manager: adminUrl(node, 'swarm-manager'),
          }
        : null,
      seed_url: node ? seedUrlOf(node) : null,
    };
  });
  return {
    seed_url: devnet.seedUrl,
    nodes: await Promise.all(nodes),
    redis_url: serverUrl(devnet.redis, 'redis'),
    nats_url: serverUrl(devnet.nats, 'nats'),
    dir: devnet.dir,
  };
}

export async function writeInfoFile(path: string, devnet: Devnet): Promise<void> {
  await replacePublicFile(path, `${JSON.stringify(await devnetInfo(devnet), null, 2)}\n`);
}

async function pidsOf(devnet: Devnet, node: Parameters<typeof nodeUnit>[1]): Promise<Pids> {
  const records = await readRecords(nodeUnit(devnet, node).folder);
  const pidOf = (role: string): number | null =>
    records.find((record) => record.role === role || record.role === 'node')?.pid ?? null;
  return { relay: pidOf('relay'), storage: pidOf('storage'), swarm_manager: pidOf('swarm-manager') };
}

/** Without user and password. */
function serverUrl({ source, port }: Devnet['redis'] | Devnet['nats'], protocol: string): string {
  if (source.kind !== 'given') return `${protocol}://127.0.0.1:${port}`;
  const url = new URL(source.urls[0] ?? '');
  return `${url.protocol}//${url.host}`;
}
