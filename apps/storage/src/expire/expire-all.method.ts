import { Inject, Injectable } from '@nestjs/common';
import { PRIMITIVES } from '#platform';
import { authorizeExpireAll, type Circumstances, type ExpireAllRequest, type Primitives } from '#protocol';
import { Mailboxes } from '../mailbox/mailboxes.js';
import { byScope, sortedHashes } from '../mailbox/by-scope.js';
import { NodeSigner } from '../node/node-signer.js';
import type { NodeResult } from '../replication/node-result.js';
import type { SwarmMethod } from '../replication/swarm-method.js';

/** docs/protocol/storage-rpc.md §8.7 */
@Injectable()
export class ExpireAllMethod implements SwarmMethod<ExpireAllRequest> {
  readonly method = 'expire_all';

  constructor(
    @Inject(Mailboxes) private readonly mailboxes: Mailboxes,
    @Inject(PRIMITIVES) private readonly primitives: Primitives,
    @Inject(NodeSigner) private readonly signer: NodeSigner,
  ) {}

  authorize(request: ExpireAllRequest, at: Circumstances): void {
    authorizeExpireAll(this.primitives, request, at);
  }

  async carryOut({ account, scope, expiryMs }: ExpireAllRequest, nowMs: number): Promise<NodeResult> {
    const updated = await this.mailboxes.shortenMany(account, scope, expiryMs, nowMs);
    const signature = this.signer.signTexts(account, [expiryMs, ...sortedHashes(updated)]);
    return { updated: byScope(scope, updated), signature };
  }
}
