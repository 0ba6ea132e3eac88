import { Inject, Injectable } from '@nestjs/common';
import { PRIMITIVES } from '#platform';
import { authorizeDelete, type Circumstances, type DeleteRequest, type Primitives } from '#protocol';
import { Mailboxes } from '../mailbox/mailboxes.js';
import { SwarmView } from '../membership/swarm-view.js';
import { NodeSigner } from '../node/node-signer.js';
import type { NodeResult } from '../replication/node-result.js';
import type { SwarmOutcome } from '../replication/swarm-fan-out.js';
import type { SwarmMethod } from '../replication/swarm-method.js';
import { jsonReply, type RpcReply } from '../rpc/rpc-handler.js';

/** docs/protocol/storage-rpc.md §8.3 */
@Injectable()
export class DeleteMethod implements SwarmMethod<DeleteRequest> {
  readonly method = 'delete';

  constructor(
    @Inject(Mailboxes) private readonly mailboxes: Mailboxes,
    @Inject(PRIMITIVES) private readonly primitives: Primitives,
    @Inject(NodeSigner) private readonly signer: NodeSigner,
    @Inject(SwarmView) private readonly view: SwarmView,
  ) {}

  /** A delete has no time, so it may be repeated for ever: what is gone stays gone. */
  authorize(request: DeleteRequest, at: Circumstances): void {
    authorizeDelete(this.primitives, request, at);
  }

  async carryOut({ account, messages }: DeleteRequest, nowMs: number): Promise<NodeResult> {
    const deleted = (await this.mailboxes.delete(account, messages, nowMs)).sort();
    return { deleted, signature: this.signer.signTexts(account, [...messages, ...deleted]) };
  }

  reply({ required }: DeleteRequest, { entries, succeeded }: SwarmOutcome, nowMs: number): RpcReply {
    const anyDeleted = Object.values(entries).some(({ deleted }) => Array.isArray(deleted) && deleted.length > 0);
    const status = succeeded === 0 ? 500 : required && !anyDeleted ? 404 : 200;
    return jsonReply({ hf: [...this.view.hardfork], swarm: entries, t: nowMs }, status);
  }
}
