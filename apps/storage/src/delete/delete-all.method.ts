import { Inject, Injectable } from '@nestjs/common';
import { PRIMITIVES } from '#platform';
import { authorizeDeleteAll, type Circumstances, type DeleteAllRequest, type Primitives } from '#protocol';
import { Mailboxes } from '../mailbox/mailboxes.js';
import { byScope, sortedHashes } from '../mailbox/by-scope.js';
import { NodeSigner } from '../node/node-signer.js';
import type { NodeResult } from '../replication/node-result.js';
import type { SwarmMethod } from '../replication/swarm-method.js';

/** docs/protocol/storage-rpc.md §8.4 */
@Injectable()
export class DeleteAllMethod implements SwarmMethod<DeleteAllRequest> {
  readonly method = 'delete_all';

  constructor(
    @Inject(Mailboxes) private readonly mailboxes: Mailboxes,
    @Inject(PRIMITIVES) private readonly primitives: Primitives,
    @Inject(NodeSigner) private readonly signer: NodeSigner,
  ) {}

  authorize(request: DeleteAllRequest, at: Circumstances): void {
    authorizeDeleteAll(this.primitives, request, at);
  }

  async carryOut({ account, scope, proof }: DeleteAllRequest, nowMs: number): Promise<NodeResult> {
    const deleted = await this.mailboxes.deleteMany(account, scope, null, nowMs);
    const signature = this.signer.signTexts(account, [proof.signedAtMs, ...sortedHashes(deleted)]);
    return { deleted: byScope(scope, deleted), signature };
  }
}
