import type { Deadline } from './deadline.js';
import { ClockOutOfSync, NetworkTooSmall, SubnetsTooFew } from './network-errors.js';
import { WrongSwarmAnswer } from './node-rpc.js';
import type { NodeRpc } from './node-rpc.js';
import type { ServiceNode } from './service-node.js';
import type { Swarms } from './swarms.js';

/**
 * Draws the lesson from a failed request to a swarm member, before the next attempt. `same`: this member may be asked
 * again; `other`: it should be another one. Throws the cause when no member could do better.
 */
export async function recover(
  cause: unknown,
  failed: { readonly accountId: string; readonly member: ServiceNode; readonly deadline: Deadline },
  { rpc, swarms }: { readonly rpc: NodeRpc; readonly swarms: Swarms },
): Promise<'same' | 'other'> {
  if (cause instanceof NetworkTooSmall || cause instanceof SubnetsTooFew) throw cause;
  if (cause instanceof WrongSwarmAnswer) swarms.correct(failed.accountId, cause.body);
  if (!(cause instanceof ClockOutOfSync)) return 'other';
  try {
    await rpc.renewClock(failed.member, failed.deadline);
  } catch {
    // The next attempt meets the same clock and says so.
  }
  return 'same';
}
