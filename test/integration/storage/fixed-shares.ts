import type { FullReason } from '../../../apps/storage/src/mailbox/mailboxes.js';
import { OwnerShares, type OwnerShare } from '../../../apps/storage/src/mailbox/owner-shares.js';

/** The same for every account and namespace; without numbers as much as there is room for. */
export class FixedShares extends OwnerShares {
  readonly reason: FullReason = 'owner';

  constructor(
    readonly maxMessages = Number.MAX_SAFE_INTEGER,
    readonly maxBytes = Number.MAX_SAFE_INTEGER,
  ) {
    super();
  }

  for(): OwnerShare {
    return this;
  }
}
