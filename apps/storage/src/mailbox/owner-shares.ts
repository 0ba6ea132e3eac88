/** What one account may have here. */
export interface OwnerShare {
  readonly maxMessages: number;
  readonly maxBytes: number;
}

/** Says how much an account may have, by the namespace that it stores to. docs/protocol/storage-rpc.md §5.4 */
export abstract class OwnerShares {
  abstract for(namespace: number): OwnerShare;
}

/** As much as there is room for. */
export class NoShares extends OwnerShares {
  for(): OwnerShare {
    return { maxMessages: Number.MAX_SAFE_INTEGER, maxBytes: Number.MAX_SAFE_INTEGER };
  }
}
