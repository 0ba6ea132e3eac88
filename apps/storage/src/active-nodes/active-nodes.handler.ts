import { Inject, Injectable } from '@nestjs/common';
import { encodeActiveNodes, type ActiveNodesRequest, type NetworkSnapshot } from '#protocol';
import { SwarmView } from '../membership/swarm-view.js';
import type { RpcHandler, RpcReply } from '../rpc/rpc-handler.js';

const NO_NODES = new Uint8Array();

/** docs/protocol/storage-rpc.md §8.14 */
@Injectable()
export class ActiveNodesHandler implements RpcHandler<ActiveNodesRequest> {
  readonly method = 'active_nodes_bin';
  /** Written once for each snapshot: clients ask often, and a large network is 110 kB. */
  #encoded: { readonly snapshot: NetworkSnapshot; readonly bytes: Uint8Array } | undefined;

  constructor(@Inject(SwarmView) private readonly view: SwarmView) {}

  handle(): Promise<RpcReply> {
    const snapshot = this.view.network?.snapshot;
    return Promise.resolve({ status: 200, body: snapshot === undefined ? NO_NODES : this.#encode(snapshot) });
  }

  #encode(snapshot: NetworkSnapshot): Uint8Array {
    if (this.#encoded?.snapshot !== snapshot) this.#encoded = { snapshot, bytes: encodeActiveNodes(snapshot) };
    return this.#encoded.bytes;
  }
}
