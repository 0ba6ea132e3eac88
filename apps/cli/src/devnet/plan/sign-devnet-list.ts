import { bytesToHex, encodeSignedList, makeNextList, NodeKey, noblePrimitives, signNetworkList } from '#protocol';
import type { ListedNode, RandomBytes, SwarmMap } from '#protocol';
import type { PlannedNode } from './create-devnet.js';
import type { NetworkFile } from './network-file.js';

const SEED_BYTES = 32;
/** A devnet that is older is forgotten. */
const LIFE_MS = 10 * 365 * 86_400_000;

export interface DevnetListOrder {
  readonly network: NetworkFile;
  readonly nodes: readonly PlannedNode[];
  readonly nowMs: number;
  readonly random: RandomBytes;
}

export interface DevnetList {
  /** The signed list as a file. */
  readonly file: string;
  /** The administrator, made for this list. */
  readonly admin: NodeKey;
  readonly swarms: SwarmMap;
}

/** Lists the nodes that are not `unlisted`, in the swarms they name or else as the network's rules make them. */
export function signDevnetList({ network, nodes, nowMs, random }: DevnetListOrder): DevnetList {
  const admin = NodeKey.fromSeed(random(SEED_BYTES), noblePrimitives);
  const list = makeNextList(
    noblePrimitives,
    null,
    { put: nodes.flatMap(listedNode) },
    {
      network: network.network,
      seed: bytesToHex(random(SEED_BYTES)),
      issuedMs: nowMs,
      expiresMs: nowMs + LIFE_MS,
      swarms: namedSwarms(nodes) ?? 'compose',
      firstEpoch: network.height,
    },
  );
  const signature = signNetworkList(noblePrimitives, list.text, admin.ed25519);
  const file = encodeSignedList({ listText: list.text, signatures: [signature] });
  return { file, admin, swarms: list.swarms ?? new Map() };
}

function listedNode({ node }: PlannedNode): ListedNode[] {
  const { ed25519, ip, httpsPort, peerPort, state } = node;
  return state === 'unlisted' ? [] : [{ ed25519, ip, httpsPort, peerPort, state }];
}

/** Null when no node names a swarm. */
function namedSwarms(nodes: readonly PlannedNode[]): SwarmMap | null {
  const swarms = new Map<bigint, string[]>();
  for (const { swarm, node } of nodes) {
    if (swarm !== null) swarms.set(swarm, [...(swarms.get(swarm) ?? []), node.ed25519]);
  }
  return swarms.size === 0 ? null : swarms;
}
