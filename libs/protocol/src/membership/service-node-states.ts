import type { JsonObject, JsonValue } from '../json.js';
import type { RandomBytes } from '../primitives.js';
import type { NetworkSnapshot, NodeRecord } from '../swarm/network-view.js';
import { swarmIdToHex } from '../swarm/swarm-space.js';
import { shuffled } from './random-order.js';
import { readNodeQuery } from './service-node-query.js';

type NodeField = (node: NodeRecord, snapshot: NetworkSnapshot) => JsonValue;
type TopField = (snapshot: NetworkSnapshot) => JsonValue;

/** What can be asked of a node. docs/protocol/swarms.md §4.2 */
const NODE_FIELDS: Readonly<Record<string, NodeField>> = {
  service_node_pubkey: ({ ed25519 }) => ed25519,
  pubkey_ed25519: ({ ed25519 }) => ed25519,
  pubkey_x25519: ({ x25519 }) => x25519,
  public_ip: ({ ip }) => ip,
  storage_port: ({ httpsPort }) => httpsPort,
  storage_lmq_port: ({ peerPort }) => peerPort,
  storage_server_version: ({ version }) => [...version],
  swarm_id: ({ swarmId }) => swarmId,
  swarm: ({ swarmId }) => swarmIdToHex(swarmId),
  funded: () => true,
  active: ({ state }) => state === 'active',
  requested_unlock_height: () => 0,
};

/** What can be asked of the network. `height` is not here: clients need it whatever they ask for. */
const TOP_FIELDS: Readonly<Record<string, TopField>> = {
  block_hash: ({ blockHash }) => blockHash,
  hardfork: ({ hardfork }) => hardfork[0],
  snode_revision: ({ hardfork }) => hardfork[1],
  target_height: ({ height }) => height,
};

const POLL_FIELDS = ['block_hash', 'hardfork', 'snode_revision'];

/**
 * The result object of `get_service_nodes` and its aliases. docs/protocol/swarms.md §4.2
 * Throws BadRequest for parameters of a wrong type; names that are not known are ignored, as the daemon does.
 */
export function serviceNodeStates(snapshot: NetworkSnapshot, params: JsonValue, random: RandomBytes): JsonObject {
  const query = readNodeQuery(params);
  const top = { height: snapshot.height, status: 'OK' };
  if (query.pollBlockHash === snapshot.blockHash) {
    return { ...top, ...topFields(snapshot, POLL_FIELDS), unchanged: true };
  }
  const isPolling = query.pollBlockHash !== null;
  const asked = Object.keys(TOP_FIELDS).filter((name) => query.wants(name) || (isPolling && name === 'block_hash'));
  const fields = Object.entries(NODE_FIELDS).filter(([name]) => query.wants(name));
  const nodes = snapshot.nodes.filter((node) => query.matches(node));
  return {
    ...top,
    ...topFields(snapshot, asked),
    ...(isPolling ? { unchanged: false } : {}),
    service_node_states: limited(nodes, query.limit, random).map((node) =>
      Object.fromEntries(fields.map(([name, read]) => [name, read(node, snapshot)])),
    ),
  };
}

function topFields(snapshot: NetworkSnapshot, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, TOP_FIELDS[name]?.(snapshot)]));
}

function limited(nodes: readonly NodeRecord[], limit: number, random: RandomBytes): readonly NodeRecord[] {
  return limit === 0 ? nodes : shuffled(nodes, limit < 0 ? nodes.length : limit, random);
}
