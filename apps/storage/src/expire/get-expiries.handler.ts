import { Inject, Injectable } from '@nestjs/common';
import { PRIMITIVES } from '#platform';
import { authorizeGetExpiries, type GetExpiriesRequest, type Primitives } from '#protocol';
import { Access } from '../access/access.js';
import { Mailboxes } from '../mailbox/mailboxes.js';
import { jsonReply, type RpcHandler, type RpcReply } from '../rpc/rpc-handler.js';

/** docs/protocol/storage-rpc.md §8.8; the one answer without `hf` and `t`. */
@Injectable()
export class GetExpiriesHandler implements RpcHandler<GetExpiriesRequest> {
  readonly method = 'get_expiries';

  constructor(
    @Inject(Access) private readonly access: Access,
    @Inject(Mailboxes) private readonly mailboxes: Mailboxes,
    @Inject(PRIMITIVES) private readonly primitives: Primitives,
  ) {}

  async handle(request: GetExpiriesRequest): Promise<RpcReply> {
    const { at } = await this.access.admit(request, false);
    authorizeGetExpiries(this.primitives, request, at);
    const found = await this.mailboxes.expiries(request.account, request.messages, at.nowMs);
    return jsonReply({ expiries: Object.fromEntries(found.map(({ hash, expiryMs }) => [hash, expiryMs])) });
  }
}
