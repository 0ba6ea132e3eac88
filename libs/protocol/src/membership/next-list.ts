import type { Primitives } from '../primitives.js';
import { compositionSeed, nextSwarms, type SwarmMap } from '../swarm/composition.js';
import { ListRefused } from './list-refused.js';
import type { ListedNode } from './listed-nodes.js';
import { networkListText, NO_LIST, parseNetworkList, type NetworkList } from './network-list.js';

export interface ListChanges {
  /** Nodes to add; one whose key is listed already replaces that entry. */
  readonly put?: readonly ListedNode[];
  /** Keys of nodes to take out. */
  readonly remove?: readonly string[];
}

export interface NextListOptions {
  readonly network: string;
  /** 64 lower-case hex digits, fresh for every list: whoever knows it beforehand can choose his swarm. */
  readonly seed: string;
  readonly issuedMs: number;
  readonly expiresMs: number;
  /**
   * - `compose`: worked out here and written down, so that a node can join the network at this list;
   * - `leave-out`: every node works them out from the list before;
   * - a map: as given.
   */
  readonly swarms: SwarmMap | 'compose' | 'leave-out';
  /** Of a first list; 1 when left out. */
  readonly firstEpoch?: number;
}

/** The unsigned list after a change; null: a network's first. Throws ListRefused where nodes would. */
export function makeNextList(
  p: Primitives,
  previous: NetworkList | null,
  changes: ListChanges,
  options: NextListOptions,
): NetworkList {
  if (previous !== null && previous.network !== options.network) {
    throw new ListRefused(`The list before is for the network "${previous.network}", not "${options.network}".`);
  }
  const nodes = changedNodes(previous?.nodes ?? [], changes);
  const { network, issuedMs, expiresMs, seed } = options;
  const epoch = previous === null ? (options.firstEpoch ?? 1) : previous.epoch + 1;
  const prev = previous?.hash ?? NO_LIST;
  const swarms = chosenSwarms(previous, nodes, options);
  return parseNetworkList(p, networkListText({ network, epoch, issuedMs, expiresMs, prev, seed, nodes, swarms }));
}

function changedNodes(nodes: readonly ListedNode[], { put = [], remove = [] }: ListChanges): readonly ListedNode[] {
  const byKey = new Map(nodes.map((node) => [node.ed25519, node]));
  for (const key of remove) {
    if (!byKey.delete(key)) throw new ListRefused(`There is no node ${key} to remove.`);
  }
  const added = new Set<string>();
  for (const node of put) {
    if (added.has(node.ed25519)) throw new ListRefused(`Node ${node.ed25519} is listed twice.`);
    added.add(node.ed25519);
    byKey.set(node.ed25519, node);
  }
  return [...byKey.values()];
}

function chosenSwarms(
  previous: NetworkList | null,
  nodes: readonly ListedNode[],
  { swarms, seed }: NextListOptions,
): SwarmMap | null {
  if (swarms === 'leave-out') return null;
  if (swarms !== 'compose') return swarms;
  if (previous?.swarms === null) {
    throw new ListRefused('The list before does not carry its swarms, so the next ones cannot be composed from it.');
  }
  const active = nodes.filter(({ state }) => state === 'active').map(({ ed25519 }) => ed25519);
  return nextSwarms(previous?.swarms ?? new Map(), active, compositionSeed(seed));
}
