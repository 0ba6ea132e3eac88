import { messageCost, type ExpiryMode, type NamespaceScope, type PageLimits } from '#protocol';
import type {
  ExpiryChange,
  ExpiryOutcome,
  MessageName,
  NewMessage,
  PutOutcome,
  StoreOutcome,
} from '../../../apps/storage/src/mailbox/mailboxes.js';
import type { OwnerShare } from '../../../apps/storage/src/mailbox/owner-shares.js';

/** What a mailbox of one account does, in the plainest words: a list in the order of arrival. */
export class MailboxModel {
  #held: NewMessage[] = [];

  /** A deleted message, until it would have expired. */
  readonly #tombstones = new Map<string, number>();

  constructor(private readonly share: OwnerShare) {}

  /** 'full' where there is no room: then nothing changed. */
  store(message: NewMessage, nowMs: number): StoreOutcome | 'full' {
    this.#expire(nowMs);
    const held = this.#held.find(({ hash }) => hash === message.hash);
    if (held === undefined && !this.#hasRoomFor(message)) return 'full';
    this.#tombstones.delete(message.hash);
    this.#bury(this.#replacedBy(message));
    if (held === undefined) {
      this.#held.push(message);
      return { expiryMs: message.expiryMs, already: false };
    }
    return { expiryMs: this.#extend(held, message), already: true };
  }

  put(message: NewMessage, nowMs: number): PutOutcome | 'full' {
    this.#expire(nowMs);
    if (message.expiryMs <= nowMs) return 'expired';
    if ((this.#tombstones.get(message.hash) ?? 0) > nowMs) return 'deleted';
    if (this.#replacedBy(message).some((other) => isYounger(other, message))) return 'older';
    const outcome = this.store(message, nowMs);
    return outcome === 'full' ? 'full' : outcome.already ? 'held' : 'new';
  }

  page(namespace: number, after: string | null, limits: PageLimits, nowMs: number) {
    this.#expire(nowMs);
    const here = this.#held.filter((message) => message.namespace === namespace);
    const rest = here.slice(here.findIndex(({ hash }) => hash === after) + 1);
    const messages: NewMessage[] = [];
    let cost = 0;
    for (const message of rest) {
      cost += messageCost(message.data.length);
      if (messages.length >= (limits.maxMessages ?? Infinity) || (messages.length > 0 && cost > limits.maxCost)) break;
      messages.push(message);
    }
    return { hashes: messages.map(({ hash }) => hash), more: messages.length < rest.length };
  }

  delete(hashes: readonly string[], nowMs: number): string[] {
    this.#expire(nowMs);
    const gone = this.#held.filter(({ hash }) => hashes.includes(hash));
    this.#bury(gone);
    return gone.map(({ hash }) => hash);
  }

  deleteMany(scope: NamespaceScope, beforeMs: number | null, nowMs: number): MessageName[] {
    this.#expire(nowMs);
    const isMeant = ({ namespace, timestampMs }: NewMessage): boolean =>
      (scope === 'all' || namespace === scope) && (beforeMs === null || timestampMs <= beforeMs);
    const gone = this.#held.filter(isMeant);
    this.#bury(gone);
    return gone.map(nameOf);
  }

  changeExpiries(changes: readonly ExpiryChange[], mode: ExpiryMode, nowMs: number): ExpiryOutcome[] {
    return changes.flatMap(({ hash, expiryMs }) => {
      this.#expire(nowMs);
      const held = this.#held.find((message) => message.hash === hash);
      if (held === undefined) return [];
      const isLater = expiryMs > held.expiryMs;
      const changed = mode === 'set' || (mode === 'extend' ? isLater : expiryMs < held.expiryMs);
      if (changed) this.#setExpiry(held, expiryMs);
      return [{ hash, changed, expiryMs: changed ? expiryMs : held.expiryMs }];
    });
  }

  shortenMany(scope: NamespaceScope, expiryMs: number, nowMs: number): MessageName[] {
    this.#expire(nowMs);
    const meant = this.#held.filter(
      (message) => (scope === 'all' || message.namespace === scope) && message.expiryMs > expiryMs,
    );
    for (const message of meant) this.#setExpiry(message, expiryMs);
    return meant.map(nameOf);
  }

  expiries(hashes: readonly string[], nowMs: number): ExpiryChange[] {
    this.#expire(nowMs);
    return hashes.flatMap((hash) => {
      const held = this.#held.find((message) => message.hash === hash);
      return held === undefined ? [] : [{ hash, expiryMs: held.expiryMs }];
    });
  }

  #replacedBy({ hash, namespace, replaces }: NewMessage): NewMessage[] {
    return this.#held.filter((other) => replaces && other.namespace === namespace && other.hash !== hash);
  }

  #hasRoomFor(message: NewMessage): boolean {
    const replaced = this.#replacedBy(message);
    const staying = this.#held.filter((other) => !replaced.includes(other));
    const bytes = staying.reduce((sum, { data }) => sum + data.length, message.data.length);
    return staying.length < this.share.maxMessages && bytes <= this.share.maxBytes;
  }

  #bury(gone: readonly NewMessage[]): void {
    for (const { hash, expiryMs } of gone) {
      this.#tombstones.set(hash, Math.max(expiryMs, this.#tombstones.get(hash) ?? 0));
    }
    this.#held = this.#held.filter((message) => !gone.includes(message));
  }

  #extend(held: NewMessage, { expiryMs }: NewMessage): number {
    const later = Math.max(held.expiryMs, expiryMs);
    this.#setExpiry(held, later);
    return later;
  }

  #setExpiry(message: NewMessage, expiryMs: number): void {
    this.#held = this.#held.map((each) => (each === message ? { ...message, expiryMs } : each));
  }

  #expire(nowMs: number): void {
    this.#held = this.#held.filter(({ expiryMs }) => expiryMs > nowMs);
  }
}

/** The later time, then the larger hash. */
function isYounger(one: NewMessage, other: NewMessage): boolean {
  const bytesOf = ({ hash }: NewMessage): Buffer => Buffer.from(hash, 'base64');
  if (one.timestampMs !== other.timestampMs) return one.timestampMs > other.timestampMs;
  return Buffer.compare(bytesOf(one), bytesOf(other)) > 0;
}

const nameOf = ({ hash, namespace }: NewMessage): MessageName => ({ hash, namespace });
