import type { Circumstances, RecursiveRequest } from '#protocol';
import type { RpcReply } from '../rpc/rpc-handler.js';
import type { NodeResult } from './node-result.js';
import type { SwarmOutcome } from './swarm-fan-out.js';

/** A method that every member of the swarm carries out. Knows nothing of HTTP, onions or NATS. */
export interface SwarmMethod<R extends RecursiveRequest> {
  readonly method: R['method'];
  /** Whether the sender may do this. Throws ProtocolError. */
  authorize(request: R, at: Circumstances): void;
  /** This node's own part. Throws RedisUnavailable and MailboxFull, which become a failed entry. */
  carryOut(request: R, nowMs: number): Promise<NodeResult>;
  /** The client's answer, for methods that say more than the members' entries. */
  reply?(request: R, outcome: SwarmOutcome, nowMs: number): RpcReply;
}

export const SWARM_METHODS = Symbol('SWARM_METHODS');
