import type { AccountId } from '#protocol';

/** What the subscribers to an account's new messages want to know. */
export type Watch = 'with_data' | 'without_data';

/** Which accounts somebody watches, for all replicas of this service. Throws RedisUnavailable. */
export abstract class Watchers {
  /** From now on stores to the account tell of it. Throws MailboxFull when there is no room for the note. */
  abstract note(account: AccountId, watch: Watch): Promise<void>;
}
