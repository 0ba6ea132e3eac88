import { Inject, Injectable } from '@nestjs/common';
import { Clock, CONFIG } from '#platform';
import type { InfoRequest } from '#protocol';
import { SwarmView } from '../membership/swarm-view.js';
import { jsonReply, type RpcHandler, type RpcReply } from '../rpc/rpc-handler.js';
import type { StorageConfig } from '../storage.config.js';

/** docs/protocol/storage-rpc.md §8.12 */
@Injectable()
export class InfoHandler implements RpcHandler<InfoRequest> {
  readonly method = 'info';

  constructor(
    @Inject(SwarmView) private readonly view: SwarmView,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: StorageConfig,
  ) {}

  handle(): Promise<RpcReply> {
    const nowMs = this.clock.now();
    const version = [...this.config.STORAGE_REPORTED_VERSION];
    return Promise.resolve(jsonReply({ hf: [...this.view.hardfork], t: nowMs, timestamp: nowMs, version }));
  }
}
