import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { NetworkOptions } from '#testing';
import { ATTACKED, counted, unharmed, type Arena } from './arena.js';
import type { AbuseCase } from './cases.js';
import { atLeast, atMost, exactly } from './finding.js';

const COLLECTOR_MIB = 80;
/** An address of this machine that nothing of ours listens on unless it means to be reached from outside. */
const OUTSIDE_IP = '127.0.0.9';
const TCP_LISTENING = '0A';
const retiredSeed = randomBytes(32).toString('hex');

/** Whoever comes to the peer port, and what else could be come to. */
export const peerCases: readonly AbuseCase[] = [
  {
    name: 'peer-strangers',
    about: 'the peer port, without a certificate, with a strange key, with the key of a decommissioned node',
    network: () => {
      const retired = { name: 'retired', state: 'decommissioned' as const, seed: retiredSeed, run: false };
      return Promise.resolve<NetworkOptions>({ networkFile: { nodes: [{ name: ATTACKED }, retired] } });
    },
    run: async (arena) => {
      const after = await arena.suffer({ attack: 'strangers', count: 30, seconds: 8, more: { seed: retiredSeed } });
      return [
        atLeast('connections tried', 30, counted(after, 'knocks')),
        exactly('bytes of answers', 0, counted(after, 'bytes_heard')),
        atMost('resident growth of the relay, MiB', COLLECTOR_MIB, after.growthMiB),
        ...unharmed(after),
      ];
    },
  },
  {
    name: 'deep-bencode',
    about: 'a member that sends bencode of a million brackets and lengths that lie',
    network: () =>
      Promise.resolve<NetworkOptions>({ networkFile: { nodes: [{ name: ATTACKED }, { name: 'turned' }] } }),
    run: async (arena) => {
      const seed = readFileSync(`${arena.network.dir}/nodes/turned/node.key`, 'utf8').trim();
      const after = await arena.suffer({ attack: 'deepBencode', count: 4, seconds: 8, more: { seed } });
      return [
        atLeast('requests', 4, counted(after, 'requests')),
        exactly('requests answered with a fault', 0, counted(after, 'status_500') + counted(after, 'PeerUnreachable')),
        exactly('requests not answered in time', 0, counted(after, 'PeerTimeout')),
        atMost('resident growth of the relay, MiB', 256, after.growthMiB),
        ...unharmed(after),
      ];
    },
  },
  {
    name: 'port-scan',
    about: 'every port of the node’s address',
    network: () => Promise.resolve<NetworkOptions>({ networkFile: { nodes: [{ name: ATTACKED, ip: OUTSIDE_IP }] } }),
    run: async (arena) => {
      const after = await arena.suffer({ attack: 'portScan', count: 200, seconds: 45 });
      const ours = portsOf(arena);
      const open = [...ours].filter((port) => counted(after, `open_${port}`) > 0);
      const { https_port: https, peer_port: peer } = arena.node.info;
      return [
        exactly('ports tried', 65_535, counted(after, 'ports')),
        exactly('of them, open and meant to be', 2, open.filter((port) => port === https || port === peer).length),
        exactly('of them, open and not meant to be', 0, open.filter((port) => port !== https && port !== peer).length),
        ...unharmed(after),
      ];
    },
  },
];

/** All ports on which processes of the node listen: other programs of this machine are none of our business. */
function portsOf(arena: Arena): Set<number> {
  const pids = Object.values(arena.node.pids).filter((pid) => pid !== null);
  const inodes = new Set(
    pids.flatMap((pid) =>
      readdirSync(`/proc/${pid}/fd`).map((fd) => /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[1]),
    ),
  );
  const lines = ['tcp', 'tcp6'].flatMap((family) => readFileSync(`/proc/net/${family}`, 'utf8').split('\n').slice(1));
  const sockets = lines.map((line) => line.trim().split(/\s+/));
  return new Set(
    sockets
      .filter(([, , , state, , , , , , inode]) => state === TCP_LISTENING && inodes.has(inode))
      .map(([, local = '']) => Number.parseInt(local.split(':')[1] ?? '', 16)),
  );
}

/** A file may have been closed since it was listed. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
