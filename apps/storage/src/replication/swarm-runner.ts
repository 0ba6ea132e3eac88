import { Inject, Injectable } from '@nestjs/common';
import { RedisUnavailable } from '#platform';
import type { RecursiveRequest } from '#protocol';
import { Access } from '../access/access.js';
import { MailboxFull } from '../mailbox/mailboxes.js';
import { SwarmView } from '../membership/swarm-view.js';
import { jsonReply, type RpcReply } from '../rpc/rpc-handler.js';
import type { NodeResult } from './node-result.js';
import { SwarmFanOut } from './swarm-fan-out.js';
import { SWARM_METHODS, type SwarmMethod } from './swarm-method.js';

/** Carries out the methods of the swarm, for clients and for other members. docs/protocol/storage-rpc.md §7 */
@Injectable()
export class SwarmRunner {
  readonly #methods: ReadonlyMap<string, SwarmMethod<RecursiveRequest>>;

  constructor(
    @Inject(SWARM_METHODS) methods: readonly SwarmMethod<RecursiveRequest>[],
    @Inject(Access) private readonly access: Access,
    @Inject(SwarmFanOut) private readonly fanOut: SwarmFanOut,
    @Inject(SwarmView) private readonly view: SwarmView,
  ) {
    this.#methods = new Map(methods.map((method) => [method.method, method]));
  }

  /** On all members; a bad request reaches none of the others. Throws ProtocolError. */
  async run(request: RecursiveRequest): Promise<RpcReply> {
    const method = this.#methodOf(request);
    const { swarm, at } = await this.access.admit(request, false);
    method.authorize(request, at);
    const outcome = await this.fanOut.run(swarm, request, () => this.#carryOut(method, request, at.nowMs));
    if (method.reply !== undefined) return method.reply(request, outcome, at.nowMs);
    const body = { hf: [...this.view.hardfork], swarm: outcome.entries, t: at.nowMs };
    return jsonReply(body, outcome.succeeded === 0 ? 500 : 200);
  }

  /** A request that another member passed on: judged again in full, done here only. Throws ProtocolError. */
  async runForwarded(request: RecursiveRequest): Promise<NodeResult> {
    const method = this.#methodOf(request);
    const { at } = await this.access.admit(request, true);
    method.authorize(request, at);
    return this.#carryOut(method, request, at.nowMs);
  }

  /** A Redis that is full or away is a failed entry, not a fault. docs/protocol/storage-rpc.md §7.3 */
  async #carryOut(
    method: SwarmMethod<RecursiveRequest>,
    request: RecursiveRequest,
    nowMs: number,
  ): Promise<NodeResult> {
    try {
      return await method.carryOut(request, nowMs);
    } catch (cause) {
      if (!(cause instanceof MailboxFull || cause instanceof RedisUnavailable)) throw cause;
      return { failed: true, query_failure: true };
    }
  }

  #methodOf({ method }: RecursiveRequest): SwarmMethod<RecursiveRequest> {
    const found = this.#methods.get(method);
    if (found === undefined) throw new Error('no code for a method that can be parsed');
    return found;
  }
}
