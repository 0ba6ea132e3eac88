/** docs/protocol/storage-rpc.md §8.12 */
export interface InfoRequest {
  readonly method: 'info';
}

/** Takes no fields; whatever is given is ignored. */
export const parseInfo = (): InfoRequest => ({ method: 'info' });
