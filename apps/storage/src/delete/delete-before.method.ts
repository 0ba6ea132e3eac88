import { Inject, Injectable } from '@nestjs/common';
import { PRIMITIVES } from '#platform';
import { authorizeDeleteBefore, type Circumstances, type DeleteBeforeRequest, type Primitives } from '#protocol';
import { Mailboxes } from '../mailbox/mailboxes.js';
import { byScope, sortedHashes } from '../mailbox/by-scope.js';
import { NodeSigner } from '../node/node-signer.js';
import type { NodeResult } from '../replication/node-result.js';
import type { SwarmMethod } from '../replication/swarm-method.js';

/** docs/protocol/storage-rpc.md §8.5; over all namespaces as it is documented, not as the reference fails. */
@Injectable()
export class DeleteBeforeMethod implements SwarmMethod<DeleteBeforeRequest> {
  readonly method = 'delete_before';

  constructor(
    @Inject(Mailboxes) private readonly mailboxes: Mailboxes,
    @Inject(PRIMITIVES) private readonly primitives: Primitives,
    @Inject(NodeSigner) private readonly signer: NodeSigner,
  ) {}

  authorize(request: DeleteBeforeRequest, at: Circumstances): void {
    authorizeDeleteBefore(this.primitives, request, at);
  }

  async carryOut({ account, scope, beforeMs }: DeleteBeforeRequest, nowMs: number): Promise<NodeResult> {
    const deleted = await this.mailboxes.deleteMany(account, scope, beforeMs, nowMs);
    const signature = this.signer.signTexts(account, [beforeMs, ...sortedHashes(deleted)]);
    return { deleted: byScope(scope, deleted), signature };
  }
}
