import { messageCost, type PageLimits } from '#protocol';
import type { NewMessage, StoreOutcome } from '../../../apps/storage/src/mailbox/mailboxes.js';

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
    this.#held = this.#held.map((each) => (each === held ? { ...held, expiryMs } : each));
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

  /** How many messages are there, and what their data weighs. */
  get size(): number {
    return this.#held.length;
  }

  #expire(nowMs: number): void {
    this.#held = this.#held.filter(({ expiryMs }) => expiryMs > nowMs);
  }
}
