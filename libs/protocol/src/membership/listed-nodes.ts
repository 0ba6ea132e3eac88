import type { JsonObject, JsonValue } from '../json.js';
import type { NodeState } from '../swarm/network-view.js';
import { arrayOf, hex64Of, integerOf, ipOf, objectOf, onlyMembers, versionOf } from './list-fields.js';
import { ListRefused } from './list-refused.js';

/** A node as a signed list has it; keys are 64 lower-case hex digits. */
export interface ListedNode {
  readonly ed25519: string;
  readonly ip: string;
  readonly httpsPort: number;
  readonly peerPort: number;
  readonly state: NodeState;
  /** Software version; undefined: the network's usual one. */
  readonly version?: readonly [number, number, number] | undefined;
}

/** Several times the public network; a bound on the work of reading one list. */
const MAX_NODES = 10_000;
const MAX_PORT = 65_535;
const MEMBERS = ['ed25519', 'ip', 'https', 'peer', 'state', 'version'];

/** Reads `nodes` of a list. Throws ListRefused, also for a key or an address that appears twice. */
export function readListedNodes(value: JsonValue | undefined): readonly ListedNode[] {
  const nodes = arrayOf(value, MAX_NODES, 'nodes').map(readNode);
  if (nodes.length === 0) throw new ListRefused('The list names no node.');
  refuseTwice(nodes);
  return nodes;
}

export function listedNodeToJson(node: ListedNode): JsonObject {
  return {
    ed25519: node.ed25519,
    ip: node.ip,
    https: node.httpsPort,
    peer: node.peerPort,
    state: node.state,
    version: node.version?.join('.'),
  };
}

function readNode(value: JsonValue, index: number): ListedNode {
  const at = `nodes[${index}]`;
  const node = objectOf(value, at);
  onlyMembers(node, MEMBERS, at);
  const read = {
    ed25519: hex64Of(node.ed25519, `${at}.ed25519`),
    ip: ipOf(node.ip, `${at}.ip`),
    httpsPort: integerOf(node.https, 1, MAX_PORT, `${at}.https`),
    peerPort: integerOf(node.peer, 1, MAX_PORT, `${at}.peer`),
    state: stateOf(node.state, `${at}.state`),
  };
  return node.version === undefined ? read : { ...read, version: versionOf(node.version, `${at}.version`) };
}

function stateOf(value: JsonValue | undefined, what: string): NodeState {
  if (value === 'active' || value === 'decommissioned') return value;
  throw new ListRefused(`${what} must be "active" or "decommissioned".`);
}

/** Two nodes on one address would answer for each other, and one key cannot be two nodes. */
function refuseTwice(nodes: readonly ListedNode[]): void {
  const keys = new Set<string>();
  const owners = new Map<string, string>();
  for (const { ed25519, ip, httpsPort, peerPort } of nodes) {
    if (keys.has(ed25519)) throw new ListRefused(`Node ${ed25519} is listed twice.`);
    keys.add(ed25519);
    for (const address of [`${ip}:${httpsPort}`, `${ip}:${peerPort}`]) {
      const owner = owners.get(address);
      if (owner === ed25519) throw new ListRefused(`Node ${ed25519} has ${address} for two purposes.`);
      if (owner !== undefined) throw new ListRefused(`Nodes ${owner} and ${ed25519} have the same address ${address}.`);
      owners.set(address, ed25519);
    }
  }
}
