import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { NetworkOptions } from '#testing';
import { ATTACKED, counted, type Arena } from './arena.js';
import type { AbuseCase } from './cases.js';
import { growth } from './content-cases.js';
import { exactly } from './finding.js';

/** The relay's budget for bodies of other nodes. */
const PEER_BODIES_MIB = 256;
const LAST_PORT = 65_535;
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
    onslaught: () => ({ attack: 'strangers', count: 30, perSecond: 200, seconds: 8, more: { seed: retiredSeed } }),
    attempts: 400,
    judge: (after) => [
      exactly('strangers who were not cut off', 0, counted(after, 'answered') + counted(after, 'kept')),
      growth(after),
    ],
  },
  {
    name: 'deep-bencode',
    about: 'a member that sends bencode of a million brackets and lengths that lie',
    network: () =>
      Promise.resolve<NetworkOptions>({ networkFile: { nodes: [{ name: ATTACKED }, { name: 'turned' }] } }),
    onslaught: (arena) => {
      const seed = readFileSync(`${arena.network.dir}/nodes/turned/node.key`, 'utf8').trim();
      return { attack: 'deepBencode', count: 4, perSecond: 20, seconds: 8, more: { seed } };
    },
    attempts: 40,
    judge: (after) => [
      exactly('requests answered with a fault', 0, counted(after, 'status_500') + counted(after, 'PeerUnreachable')),
      exactly('requests not answered in time', 0, counted(after, 'PeerTimeout')),
      growth(after, PEER_BODIES_MIB),
    ],
  },
  {
    name: 'port-scan',
    about: 'every port of the node’s address',
    network: () => Promise.resolve<NetworkOptions>({ networkFile: { nodes: [{ name: ATTACKED, ip: OUTSIDE_IP }] } }),
    onslaught: () => ({ attack: 'portScan', count: 200, perSecond: 3_000, seconds: 60 }),
    attempts: LAST_PORT,
    judge: (after, arena) => {
      const { https_port: https, peer_port: peer } = arena.node.info;
      const open = [...portsOf(arena)].filter((port) => counted(after, `open_${port}`) > 0);
      const isMeant = (port: number): boolean => port === https || port === peer;
      return [
        exactly('ports open and meant to be', 2, open.filter(isMeant).length),
        exactly('ports open and not meant to be', 0, open.filter((port) => !isMeant(port)).length),
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
