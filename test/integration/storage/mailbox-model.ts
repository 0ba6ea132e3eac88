import { messageCost, type ExpiryMode, type NamespaceScope, type PageLimits } from '#protocol';
import type {
  ExpiryChange,
  ExpiryOutcome,
  MessageName,
  NewMessage,
  StoreOutcome,
} from '../../../apps/storage/src/mailbox/mailboxes.js';

/** What a mailbox of one account does, in the plainest words: a list in the order of arrival. */
export class MailboxModel {
  #held: NewMessage[] = [];

  store(message: NewMessage, nowMs: number): StoreOutcome {
    this.#expire(nowMs);
    if (message.replaces) {
      this.#held = this.#held.filter(({ namespace, hash }) => namespace !== message.namespace || hash === message.hash);
    }
    const held = this.#held.find(({ hash }) => hash === message.hash);
    if (held === undefined) {
      this.#held.push(message);
      return { expiryMs: message.expiryMs, already: false };
    }
    const expiryMs = Math.max(held.expiryMs, message.expiryMs);
    this.#setExpiry(held, expiryMs);
    return { expiryMs, already: true };
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
    const gone = this.#held.filter(({ hash }) => hashes.includes(hash)).map(({ hash }) => hash);
    this.#held = this.#held.filter(({ hash }) => !gone.includes(hash));
    return gone;
  }

  deleteMany(scope: NamespaceScope, beforeMs: number | null, nowMs: number): MessageName[] {
    this.#expire(nowMs);
    const isMeant = ({ namespace, timestampMs }: NewMessage): boolean =>
      (scope === 'all' || namespace === scope) && (beforeMs === null || timestampMs <= beforeMs);
    const gone = this.#held.filter(isMeant);
    this.#held = this.#held.filter((message) => !isMeant(message));
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

  #setExpiry(message: NewMessage, expiryMs: number): void {
    this.#held = this.#held.map((each) => (each === message ? { ...message, expiryMs } : each));
  }

  #expire(nowMs: number): void {
    this.#held = this.#held.filter(({ expiryMs }) => expiryMs > nowMs);
  }
}

const nameOf = ({ hash, namespace }: NewMessage): MessageName => ({ hash, namespace });
