import type { NodeRecord } from '#protocol';
import { inRandomOrder, type RandomUnit } from '../reachability/random-time.js';

/** Asked every time: where two nodes with one key are sure to meet. docs/protocol/peer.md §8.5 */
const FIXED = 3;
/** Enough for a median that two liars do not move, few enough to be no burden. */
const ASKED = 7;
/** Not reported yet. */
const UNKNOWN_ADDRESS = '0.0.0.0';

/** The nodes that may be asked: active ones besides ourselves whose address is known, in the order of their distance from us. */
export function askable(self: string, nodes: readonly NodeRecord[]): readonly NodeRecord[] {
  return nodes
    .filter(({ ed25519, state, ip }) => ed25519 !== self && state === 'active' && ip !== UNKNOWN_ADDRESS)
    .map((node) => ({ node, distance: BigInt(`0x${node.ed25519}`) ^ BigInt(`0x${self}`) }))
    .sort((a, b) => (a.distance < b.distance ? -1 : 1))
    .map(({ node }) => node);
}

/** Whom to ask this time: the nearest, and others by chance. */
export function peersToAsk(byDistance: readonly NodeRecord[], random: RandomUnit): readonly NodeRecord[] {
  const others = inRandomOrder(byDistance.slice(FIXED), random);
  return [...byDistance.slice(0, FIXED), ...others].slice(0, ASKED);
}
