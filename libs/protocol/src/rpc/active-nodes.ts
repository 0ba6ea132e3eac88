/** docs/protocol/storage-rpc.md §8.14 */
export interface ActiveNodesRequest {
  readonly method: 'active_nodes_bin';
}

/** Takes no fields; whatever is given is ignored. */
export const parseActiveNodes = (): ActiveNodesRequest => ({ method: 'active_nodes_bin' });
