import { Inject, Injectable } from '@nestjs/common';
import { NodeKey, type StoreRequest } from '#protocol';
import { SwarmView } from '../membership/swarm-view.js';
import type { NodeResult } from '../replication/node-result.js';
import { SwarmFanOut } from '../replication/swarm-fan-out.js';
import { jsonReply, type RpcHandler, type RpcReply } from '../rpc/rpc-handler.js';
import { MessageWriter } from './message-writer.js';
import { StoreRules } from './store-rules.js';

/** docs/protocol/storage-rpc.md §8.1 */
@Injectable()
export class StoreHandler implements RpcHandler<StoreRequest> {
  readonly method = 'store';

  constructor(
    @Inject(MessageWriter) private readonly writer: MessageWriter,
    @Inject(SwarmView) private readonly view: SwarmView,
    @Inject(SwarmFanOut) private readonly fanOut: SwarmFanOut,
    @Inject(StoreRules) private readonly rules: StoreRules,
    @Inject(NodeKey) private readonly self: NodeKey,
  ) {}

  async handle(request: StoreRequest): Promise<RpcReply> {
    const { nowMs, swarm } = this.rules.check(request);
    const outcome = await this.fanOut.run(swarm, request, () => this.writer.write(request, nowMs));
    const own = outcome.entries[this.self.id];
    const hash = own?.hash;
    const body = {
      ...(hash !== undefined && { hash }),
      hf: [...this.view.hardfork],
      swarm: { ...outcome.entries, [this.self.id]: { ...own, t: nowMs } },
      t: nowMs,
    };
    return jsonReply(body, this.rules.isKept(outcome) ? 200 : 500);
  }

  forwarded(request: StoreRequest): Promise<NodeResult> {
    return this.writer.write(request, this.rules.check(request).nowMs);
  }
}
