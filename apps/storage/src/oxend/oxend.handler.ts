import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#platform';
import {
  BadRequest,
  isJsonObject,
  serviceNodeStates,
  TEXTS,
  type JsonObject,
  type JsonValue,
  type OxendRequest,
} from '#protocol';
import { SwarmView } from '../membership/swarm-view.js';
import { jsonReply, type RpcHandler, type RpcReply } from '../rpc/rpc-handler.js';

/** Questions to the chain daemon, answered from the membership: there is no daemon. docs/protocol/storage-rpc.md §8.13 */
@Injectable()
export class OxendHandler implements RpcHandler<OxendRequest> {
  readonly method = 'oxend_request';

  constructor(
    @Inject(SwarmView) private readonly view: SwarmView,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  handle({ endpoint, params }: OxendRequest): Promise<RpcReply> {
    const result = endpoint === 'get_service_nodes' ? this.#serviceNodes(params) : resolveName(params);
    return Promise.resolve(jsonReply({ hf: [...this.view.hardfork], result, t: this.clock.now() }));
  }

  #serviceNodes(params: JsonValue): JsonObject {
    const snapshot = this.view.network?.snapshot;
    if (snapshot === undefined) throw new BadRequest(TEXTS.oxend.unknownError);
    return serviceNodeStates(snapshot, params, randomBytes);
  }
}

/** No name is registered in a network without a chain. */
function resolveName(params: JsonValue): JsonObject {
  if (!isJsonObject(params) || params.name_hash === undefined) throw new BadRequest(TEXTS.oxend.nameHashRequired);
  return { status: 'OK' };
}
