import type { AccountId, ExpiryMode, NamespaceScope, PageLimits } from '#protocol';
import type { Watch } from '../monitor/watchers.js';

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
  /** Given when it is new and somebody watches for it. */
  readonly watch?: Watch;
}

/** Why a message of another member was not taken: its owner deleted it, its outbox has a younger one, its time is over. */
export type PutRefusal = 'deleted' | 'older' | 'expired';
export type PutOutcome = 'new' | 'held' | PutRefusal;

export interface StoredMessage {
  readonly hash: string;
  readonly timestampMs: number;
  readonly expiryMs: number;
  readonly data: Buffer;
}

/** A message with its namespace: what another member needs to keep it too. */
export interface HeldMessage extends StoredMessage {
  readonly namespace: number;
}

export interface Page {
  /** In the order of arrival. */
  readonly messages: readonly StoredMessage[];
  /** At least one more message follows. */
  readonly more: boolean;
}

/** A message that something was done to. */
export interface MessageName {
  readonly hash: string;
  readonly namespace: number;
}

export interface ExpiryChange {
  readonly hash: string;
  readonly expiryMs: number;
}

/** What became of one change: whether it was made, and the expiry that the message has now. */
export interface ExpiryOutcome extends ExpiryChange {
  readonly changed: boolean;
}

/** The messages that this node keeps. Expired ones do not exist for any caller. Throws RedisUnavailable. */
export abstract class Mailboxes {
  /** What a client asked for, even if it deleted the same before. Throws MailboxFull when there is no room. */
  abstract store(account: AccountId, message: NewMessage, nowMs: number): Promise<StoreOutcome>;
  /**
   * Keeps a message that another member has, outside a request of its client's: not when its owner deleted it, and not in
   * place of a younger one in an outbox. The later expiry counts. Throws MailboxFull when there is no room.
   */
  abstract put(account: AccountId, message: NewMessage, nowMs: number): Promise<PutOutcome>;
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
  /** Deletes in one namespace or all, up to a time of the client's (null: whatever it is). */
  abstract deleteMany(
    account: AccountId,
    scope: NamespaceScope,
    beforeMs: number | null,
    nowMs: number,
  ): Promise<MessageName[]>;
  /** For each change in turn, what became of it; changes of messages that are not there are left out. */
  abstract changeExpiries(
    account: AccountId,
    changes: readonly ExpiryChange[],
    mode: ExpiryMode,
    nowMs: number,
  ): Promise<ExpiryOutcome[]>;
  /** Messages that would expire later expire then; gives those. */
  abstract shortenMany(
    account: AccountId,
    scope: NamespaceScope,
    expiryMs: number,
    nowMs: number,
  ): Promise<MessageName[]>;
  /** When those of the messages expire that are there. */
  abstract expiries(account: AccountId, hashes: readonly string[], nowMs: number): Promise<ExpiryChange[]>;
  /** Those of the messages that are there, in whatever namespaces, up to so many bytes of data. */
  abstract fetch(
    account: AccountId,
    hashes: readonly string[],
    maxBytes: number,
    nowMs: number,
  ): Promise<HeldMessage[]>;
  /** Frees expired messages of up to a bounded number of accounts; gives how many messages went. */
  abstract purge(nowMs: number): Promise<number>;
}

/** Why nothing more is taken: Redis has no room, the account has its share, or inboxes stand back for the others. */
export type FullReason = 'redis' | 'owner' | 'inboxes';

/** There is no room for another message. What is there stays, and deleting and reading go on. */
export class MailboxFull extends Error {
  override readonly name = 'MailboxFull';

  constructor(readonly reason: FullReason) {
    super(`no room for another message: ${reason}`);
  }
}

/** For the failure of a command that takes room. */
export function fullOr(cause: unknown): never {
  throw cause instanceof Error && cause.message.startsWith('OOM') ? new MailboxFull('redis') : cause;
}
