import type { FullReason } from './mailboxes.js';

/** What one account may have here, and what to call it when that is not enough. */
export interface OwnerShare {
  readonly maxMessages: number;
  readonly maxBytes: number;
  readonly reason: FullReason;
}

/** Says how much an account may have, by the namespace that it stores to. docs/protocol/storage-rpc.md §5.3 */
export abstract class OwnerShares {
  abstract for(namespace: number): OwnerShare;
}
