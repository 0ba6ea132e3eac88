import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#platform';
import type { GetSwarmRequest } from '#protocol';
import { swarmBody } from '../membership/swarm-body.js';
import { SwarmView } from '../membership/swarm-view.js';
import { jsonReply, type RpcHandler, type RpcReply } from '../rpc/rpc-handler.js';

/** docs/protocol/storage-rpc.md §8.11 */
@Injectable()
export class GetSwarmHandler implements RpcHandler<GetSwarmRequest> {
  readonly method = 'get_swarm';

  constructor(
    @Inject(SwarmView) private readonly view: SwarmView,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  handle({ account }: GetSwarmRequest): Promise<RpcReply> {
    return Promise.resolve(jsonReply(swarmBody(this.view.swarmFor(account), this.view.hardfork, this.clock.now())));
  }
}
