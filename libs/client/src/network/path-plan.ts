import type { RandomBytes } from '#protocol';
import { shuffled } from './random-choice.js';
import { subnetOf } from './service-node.js';
import type { ServiceNode } from './service-node.js';

/** docs/protocol/onion.md §8.3: three nodes, then the destination. */
export const PATH_HOPS = 3;

export interface PathPlan {
  /** Nodes that may be used. */
  readonly usable: readonly ServiceNode[];
  readonly destinationId: string;
  /** Ed25519 keys of the nodes that should be first on a path. */
  readonly guards: readonly string[];
  /** Whether another node may become a guard. */
  readonly wantsGuard: boolean;
  /** The lower, the better; 0 for a node nothing bad is known of. */
  readonly doubtOf: (nodeId: string) => number;
  /** True lets nodes of one /24 share a path, for private networks on one machine. */
  readonly singleHost: boolean;
  readonly hops: number;
  readonly random: RandomBytes;
}

/**
 * Distinct random nodes, a guard first, none of them the destination, no two in one /24. Nodes without failures come
 * before others, and guards are not spent on later hops while equals are left. Null when there are too few.
 *
 * Picking nodes in random order and skipping those whose /24 is taken makes a /24 as likely as it has nodes, which
 * is how Session Desktop weighs them.
 */
export function planPath(plan: PathPlan): ServiceNode[] | null {
  const isGuard = ({ ed25519 }: ServiceNode): boolean => plan.guards.includes(ed25519);
  const rank = (node: ServiceNode): number => 2 * plan.doubtOf(node.ed25519) + (isGuard(node) ? 1 : 0);
  const candidates = shuffled(plan.random, plan.usable)
    .filter(({ ed25519 }) => ed25519 !== plan.destinationId)
    .sort((a, b) => rank(a) - rank(b));
  const guard = candidates.find(isGuard);
  // With the wanted number of guards one of them is taken even after failures: easy changes help attackers.
  const isGoodGuard = guard !== undefined && (!plan.wantsGuard || plan.doubtOf(guard.ed25519) === 0);
  const first = isGoodGuard ? guard : candidates[0];
  if (!first) return null;

  const path = [first];
  for (const node of candidates) {
    if (path.length === plan.hops) break;
    const isTaken = path.some((hop) => hop === node || (!plan.singleHost && subnetOf(hop) === subnetOf(node)));
    if (!isTaken) path.push(node);
  }
  return path.length === plan.hops ? path : null;
}
