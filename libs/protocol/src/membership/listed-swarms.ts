import type { JsonObject, JsonValue } from '../json.js';
import type { SwarmMap } from '../swarm/composition.js';
import { INVALID_SWARM_ID, swarmIdToHex } from '../swarm/swarm-space.js';
import { arrayOf, hex64Of, objectOf } from './list-fields.js';
import { ListRefused } from './list-refused.js';
import type { ListedNode } from './listed-nodes.js';

const SWARM_ID = /^(0|[1-9a-f][0-9a-f]{0,15})$/;

/** Reads `swarms` of a list: every active node is in exactly one swarm, nobody else in any. Throws ListRefused. */
export function readListedSwarms(value: JsonValue, nodes: readonly ListedNode[]): SwarmMap {
  const swarms = new Map<bigint, readonly string[]>();
  const members = new Set<string>();
  const active = new Set(nodes.filter(({ state }) => state === 'active').map(({ ed25519 }) => ed25519));
  for (const [hex, list] of Object.entries(objectOf(value, 'swarms'))) {
    const keys = arrayOf(list, nodes.length, `swarms.${hex}`).map((key, index) =>
      hex64Of(key, `swarms.${hex}[${index}]`),
    );
    if (keys.length === 0) throw new ListRefused(`Swarm ${hex} has no members.`);
    for (const key of keys) {
      if (!active.has(key))
        throw new ListRefused(`Swarm ${hex} names ${key}, which is not an active node of the list.`);
      if (members.has(key)) throw new ListRefused(`Node ${key} is in a swarm twice.`);
      members.add(key);
    }
    swarms.set(swarmIdOf(hex), keys);
  }
  const homeless = [...active].find((key) => !members.has(key));
  if (homeless !== undefined) throw new ListRefused(`Active node ${homeless} is in no swarm.`);
  return swarms;
}

export function listedSwarmsToJson(swarms: SwarmMap): JsonObject {
  const ascending = [...swarms].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(ascending.map(([id, keys]) => [swarmIdToHex(id), [...keys].sort()]));
}

function swarmIdOf(hex: string): bigint {
  const id = SWARM_ID.test(hex) ? BigInt(`0x${hex}`) : INVALID_SWARM_ID;
  if (id !== INVALID_SWARM_ID) return id;
  throw new ListRefused(
    `${JSON.stringify(hex)} is not a swarm id: lower-case hex without leading zeros, below ffffffffffffffff.`,
  );
}
