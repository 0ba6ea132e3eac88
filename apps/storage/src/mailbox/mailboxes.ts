import type { AccountId, PageLimits } from '#protocol';

/** A message as a store request brings it. */
export interface NewMessage {
  /** 43 characters. */
  readonly hash: string;
  readonly namespace: number;
  /** The client's time, given back unchanged. */
  readonly timestampMs: number;
  readonly expiryMs: number;
  readonly data: Uint8Array;
  /** The namespace holds one message: this one replaces the others. */
  readonly replaces: boolean;
}

export interface StoreOutcome {
  /** The later of the held and the new expiry. */
  readonly expiryMs: number;
  /** It was held before; its data, time and place in the order stay. */
  readonly already: boolean;
}

export interface StoredMessage {
  readonly hash: string;
  readonly timestampMs: number;
  readonly expiryMs: number;
  readonly data: Buffer;
}

export interface Page {
  /** In the order of arrival. */
  readonly messages: readonly StoredMessage[];
  /** At least one more message follows. */
  readonly more: boolean;
}

/** The messages that this node keeps. Expired ones do not exist for any caller. Throws RedisUnavailable. */
export abstract class Mailboxes {
  /** Throws MailboxFull when there is no room. */
  abstract store(account: AccountId, message: NewMessage, nowMs: number): Promise<StoreOutcome>;
  /** Messages of one namespace after the given hash; from the beginning for null or a hash that is not held there. */
  abstract page(
    account: AccountId,
    namespace: number,
    after: string | null,
    limits: PageLimits,
    nowMs: number,
  ): Promise<Page>;
  /** Deletes in whatever namespaces; gives the hashes that were there. */
  abstract delete(account: AccountId, hashes: readonly string[], nowMs: number): Promise<string[]>;
  /** Frees expired messages of up to a bounded number of accounts; gives how many messages went. */
  abstract purge(nowMs: number): Promise<number>;
}

/** Redis has no room for another message. What is there stays, and deleting and reading go on. */
export class MailboxFull extends Error {
  override readonly name = 'MailboxFull';
}
