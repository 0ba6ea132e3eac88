import { bytesToHex, hexToBytes } from '../hex.js';
import type { Primitives } from '../primitives.js';
import { compositionSeed, nextSwarms, type SwarmMap } from '../swarm/composition.js';
import type { NetworkSnapshot, NodeRecord } from '../swarm/network-view.js';
import { INVALID_SWARM_ID } from '../swarm/swarm-space.js';
import { ListRefused } from './list-refused.js';
import type { ListedNode } from './listed-nodes.js';
import type { NetworkList } from './network-list.js';

/** What a list does not say of a network. */
export interface SnapshotDefaults {
  readonly hardfork: readonly [number, number];
  /** The version of nodes for which the list has none. */
  readonly version: readonly [number, number, number];
}

/** The swarms of a snapshot, for the list that follows it. */
export function swarmsOf({ nodes }: NetworkSnapshot): SwarmMap {
  const swarms = new Map<bigint, string[]>();
  for (const { ed25519, swarmId } of nodes) {
    if (swarmId === INVALID_SWARM_ID) continue;
    const members = swarms.get(swarmId);
    if (members === undefined) swarms.set(swarmId, [ed25519]);
    else members.push(ed25519);
  }
  return swarms;
}

/**
 * The network as an accepted list describes it, nodes in the order of the list. `previous`: swarms of the list before,
 * null when there was none. Throws ListRefused for a node key without an X25519 form, and for a list that carries no
 * swarms when those before are not known.
 */
export function snapshotFromList(
  p: Primitives,
  list: NetworkList,
  previous: SwarmMap | null,
  defaults: SnapshotDefaults,
): NetworkSnapshot {
  const idOf = new Map<string, bigint>();
  for (const [id, keys] of swarmsOfList(list, previous)) for (const key of keys) idOf.set(key, id);
  return {
    height: list.epoch,
    blockHash: list.hash,
    hardfork: defaults.hardfork,
    nodes: list.nodes.map((node) => nodeRecord(p, node, idOf.get(node.ed25519), defaults.version)),
  };
}

/** The swarms that a list carries, or else those that follow from the ones before. Throws ListRefused. */
export function swarmsOfList(list: NetworkList, previous: SwarmMap | null): SwarmMap {
  if (list.swarms !== null) return list.swarms;
  if (previous === null && list.epoch > 1) {
    throw new ListRefused(
      `The list of epoch ${list.epoch} does not carry its swarms and those before it are not known.`,
    );
  }
  const active = list.nodes.filter(({ state }) => state === 'active').map(({ ed25519 }) => ed25519);
  return nextSwarms(previous ?? new Map(), active, compositionSeed(list.seed));
}

function nodeRecord(
  p: Primitives,
  { ed25519, ip, httpsPort, peerPort, state, version }: ListedNode,
  swarmId: bigint | undefined,
  usualVersion: NodeRecord['version'],
): NodeRecord {
  const x25519 = p.ed25519ToX25519(hexToBytes(ed25519) ?? new Uint8Array());
  if (x25519 === null) throw new ListRefused(`The key ${ed25519} of a listed node is not an Ed25519 public key.`);
  return {
    ed25519,
    x25519: bytesToHex(x25519),
    ip,
    httpsPort,
    peerPort,
    state,
    swarmId: swarmId ?? INVALID_SWARM_ID,
    version: version ?? usualVersion,
  };
}
