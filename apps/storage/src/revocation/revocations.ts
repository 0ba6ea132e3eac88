import type { AccountId } from '#protocol';

/** Tokens that owners have taken back. They do not depend on messages. Throws RedisUnavailable. */
export abstract class Revocations {
  /** Throws MailboxFull when there is no room for more. */
  abstract revoke(account: AccountId, tokens: readonly Uint8Array[], nowMs: number): Promise<void>;
  /** Gives how many of them were revoked. */
  abstract unrevoke(account: AccountId, tokens: readonly Uint8Array[], nowMs: number): Promise<number>;
  abstract isRevoked(account: AccountId, token: Uint8Array, nowMs: number): Promise<boolean>;
}
