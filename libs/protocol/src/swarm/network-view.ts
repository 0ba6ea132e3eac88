import type { AccountId } from '../account-id.js';
import { INVALID_SWARM_ID, nearestSwarm, swarmPoint } from './swarm-space.js';

export type NodeState = 'active' | 'decommissioned';

/** A node as the membership has it. Keys are 64 lower-case hex digits. */
export interface NodeRecord {
  readonly ed25519: string;
  readonly x25519: string;
  /** IPv4; `0.0.0.0` while unknown. */
  readonly ip: string;
  readonly httpsPort: number;
  /** The node-to-node port, published as `port_omq` and `port_quic`. */
  readonly peerPort: number;
  readonly state: NodeState;
  /** INVALID_SWARM_ID for a node in no swarm. */
  readonly swarmId: bigint;
  readonly version: readonly [number, number, number];
}

/** Who is in the network at one height. */
export interface NetworkSnapshot {
  readonly height: number;
  /** 64 lower-case hex digits. */
  readonly blockHash: string;
  readonly hardfork: readonly [number, number];
  readonly nodes: readonly NodeRecord[];
}

export interface Swarm {
  readonly id: bigint;
  readonly members: readonly NodeRecord[];
}

/** One snapshot with the look-ups that requests need, made once per snapshot. */
export class NetworkView {
  readonly #nodes: ReadonlyMap<string, NodeRecord>;
  readonly #swarms: ReadonlyMap<bigint, Swarm>;
  readonly #ids: readonly bigint[];

  constructor(readonly snapshot: NetworkSnapshot) {
    this.#nodes = new Map(snapshot.nodes.map((node) => [node.ed25519, node]));
    const members = new Map<bigint, NodeRecord[]>();
    for (const node of snapshot.nodes) {
      if (node.state !== 'active' || node.swarmId === INVALID_SWARM_ID) continue;
      const found = members.get(node.swarmId);
      if (found === undefined) members.set(node.swarmId, [node]);
      else found.push(node);
    }
    this.#ids = [...members.keys()].sort((a, b) => (a < b ? -1 : 1));
    this.#swarms = new Map(this.#ids.map((id) => [id, { id, members: members.get(id) ?? [] }]));
  }

  /** All swarms, ascending by id. */
  get swarms(): ReadonlyMap<bigint, Swarm> {
    return this.#swarms;
  }

  /** A listed node, decommissioned ones included. */
  node(ed25519: string): NodeRecord | undefined {
    return this.#nodes.get(ed25519);
  }

  /** The swarm that a node is a member of. */
  swarmOf(ed25519: string): Swarm | undefined {
    const node = this.#nodes.get(ed25519);
    return node?.state === 'active' ? this.#swarms.get(node.swarmId) : undefined;
  }

  /** The swarm that keeps an account's messages; undefined when there are no swarms. */
  swarmFor(account: AccountId): Swarm | undefined {
    const id = nearestSwarm(this.#ids, swarmPoint(account));
    return id === undefined ? undefined : this.#swarms.get(id);
  }
}
