/** Accounts of one process; the one that was silent longest goes first. */
const MAX_ACCOUNTS = 1_000;

/**
 * Gives each message of an account a time of its own. The time is the identity of a message, so no two may share a
 * millisecond (docs/protocol/client-messages.md §2.6).
 */
export class SentTimes {
  private readonly last = new Map<string, number>();

  /** `nowMs`, or the first millisecond after it that this account has not used. */
  next(accountId: string, nowMs: number): number {
    const sentMs = Math.max(nowMs, (this.last.get(accountId) ?? 0) + 1);
    this.last.delete(accountId);
    this.last.set(accountId, sentMs);
    for (const oldest of this.last.keys()) {
      if (this.last.size <= MAX_ACCOUNTS) break;
      this.last.delete(oldest);
    }
    return sentMs;
  }
}
