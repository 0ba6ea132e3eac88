import { Inject, Injectable } from '@nestjs/common';
import { PRIMITIVES, RedisUnavailable } from '#platform';
import { authorizeRetrieve, type AccountId, type Primitives, type RetrieveRequest } from '#protocol';
import { Access } from '../access/access.js';
import { Mailboxes } from '../mailbox/mailboxes.js';
import { SwarmView } from '../membership/swarm-view.js';
import type { RpcHandler, RpcReply } from '../rpc/rpc-handler.js';
import { PageBody } from './page-body.js';
import type { CallPages } from './page-gate.js';

/** docs/protocol/storage-rpc.md §8.2 */
@Injectable()
export class RetrieveHandler implements RpcHandler<RetrieveRequest> {
  readonly method = 'retrieve';

  constructor(
    @Inject(Mailboxes) private readonly mailboxes: Mailboxes,
    @Inject(SwarmView) private readonly view: SwarmView,
    @Inject(PRIMITIVES) private readonly primitives: Primitives,
    @Inject(Access) private readonly access: Access,
  ) {}

  async handle(request: RetrieveRequest, pages: CallPages): Promise<RpcReply> {
    const { account, namespace, after, limits } = request;
    const { at } = await this.access.admit(request, false);
    authorizeRetrieve(this.primitives, request, at);
    const { nowMs } = at;
    try {
      const page = await pages.read(limits, (within) => this.mailboxes.page(account, namespace, after, within, nowMs));
      return { status: 200, body: new PageBody(page, this.view.hardfork, nowMs) };
    } catch (cause) {
      if (cause instanceof RedisUnavailable) return { status: 500, body: unavailableText(account) };
      throw cause;
    }
  }
}

/** The network's words name the account by three of its bytes. */
function unavailableText({ key }: AccountId): string {
  const hex = Buffer.from(key).toString('hex');
  return `Internal Server Error. Could not retrieve messages for ${hex.slice(0, 4)}…${hex.slice(-2)}`;
}
