import { Inject, Injectable } from '@nestjs/common';
import { RedisUnavailable } from '#platform';
import { concatBytes, utf8, type DeleteRequest } from '#protocol';
import { Mailboxes } from '../mailbox/mailboxes.js';
import { SwarmView } from '../membership/swarm-view.js';
import { NodeSigner } from '../node/node-signer.js';
import type { NodeResult } from '../replication/node-result.js';
import { SwarmFanOut } from '../replication/swarm-fan-out.js';
import { jsonReply, type RpcHandler, type RpcReply } from '../rpc/rpc-handler.js';
import { DeleteRules } from './delete-rules.js';

/** docs/protocol/storage-rpc.md §8.3 */
@Injectable()
export class DeleteHandler implements RpcHandler<DeleteRequest> {
  readonly method = 'delete';

  constructor(
    @Inject(Mailboxes) private readonly mailboxes: Mailboxes,
    @Inject(SwarmView) private readonly view: SwarmView,
    @Inject(SwarmFanOut) private readonly fanOut: SwarmFanOut,
    @Inject(DeleteRules) private readonly rules: DeleteRules,
    @Inject(NodeSigner) private readonly signer: NodeSigner,
  ) {}

  async handle(request: DeleteRequest): Promise<RpcReply> {
    const { nowMs, swarm } = this.rules.check(request);
    const { entries, succeeded } = await this.fanOut.run(swarm, request, () => this.#delete(request, nowMs));
    const anyDeleted = Object.values(entries).some(({ deleted }) => Array.isArray(deleted) && deleted.length > 0);
    const isMissing = request.required && !anyDeleted;
    const status = succeeded === 0 ? 500 : isMissing ? 404 : 200;
    return jsonReply({ hf: [...this.view.hardfork], swarm: entries, t: nowMs }, status);
  }

  forwarded(request: DeleteRequest): Promise<NodeResult> {
    return this.#delete(request, this.rules.check(request).nowMs);
  }

  /** Signed: the account, the hashes asked for in their order, the deleted ones sorted. */
  async #delete({ account, messages }: DeleteRequest, nowMs: number): Promise<NodeResult> {
    try {
      const deleted = (await this.mailboxes.delete(account, messages, nowMs)).sort();
      const signed = concatBytes(utf8(account.hex), ...[...messages, ...deleted].map(utf8));
      return { deleted, signature: this.signer.sign(signed) };
    } catch (cause) {
      if (cause instanceof RedisUnavailable) return { failed: true, query_failure: true };
      throw cause;
    }
  }
}
