import type { NamespaceScope } from '#protocol';
import { hashOf } from '../../conformance/storage/oracle.js';
import { MailboxModel } from './mailbox-model.js';
import type { ExpiryChange, MessageName } from '../../../apps/storage/src/mailbox/mailboxes.js';
import type { OwnerShare } from '../../../apps/storage/src/mailbox/owner-shares.js';

/** The size budget of a page does not matter to short messages. */
const NO_LIMIT = 7_800_000;
/** The share of an owner has tests of its own. */
const UNBOUNDED: OwnerShare = { maxMessages: Infinity, maxBytes: Infinity, reason: 'owner' };
/** docs/protocol/storage-rpc.md §4: a store here takes the place of what was there. */
const isOutbox = (namespace: number): boolean => namespace < 0 && -namespace % 20 === 1;

/** A message as a client gives it. */
export interface Given {
  readonly namespace: number;
  readonly text: string;
  readonly timestamp: number;
  readonly expiry: number;
}

type ByScope = readonly string[] | Readonly<Record<string, readonly string[]>>;

/** What a member answers for one account, in the words of the wire: the mailbox model and the rules of docs/protocol/storage-rpc.md §8 around it. */
export class RpcModel {
  readonly #mailbox = new MailboxModel(UNBOUNDED);
  /** What was given under a hash, as of the store that made the message. */
  readonly #given = new Map<string, Given>();

  constructor(private readonly account: string) {}

  store(given: Given, now: number): object {
    const { namespace, text, timestamp, expiry: expiryMs } = given;
    const hash = this.hash(given);
    const data = Buffer.from(text);
    const message = { hash, namespace, timestampMs: timestamp, expiryMs, data, replaces: isOutbox(namespace) };
    const outcome = this.#mailbox.store(message, now);
    if (outcome === 'full') throw new Error('a mailbox without bounds is never full');
    const { expiryMs: expiry, already } = outcome;
    if (!already) this.#given.set(hash, given);
    return already ? { already, expiry, hash } : { expiry, hash };
  }

  retrieve(namespace: number, last: string | null, maxCount: number | null, now: number): object {
    const limits = { maxMessages: maxCount, maxCost: NO_LIMIT };
    const { hashes, more } = this.#mailbox.page(namespace, last, limits, now);
    const expiryOf = new Map(this.#mailbox.expiries(hashes, now).map(({ hash, expiryMs }) => [hash, expiryMs]));
    const messages = hashes.map((hash) => {
      const { text = '', timestamp } = this.#given.get(hash) ?? {};
      return { data: Buffer.from(text).toString('base64'), expiration: expiryOf.get(hash), hash, timestamp };
    });
    return { messages, more };
  }

  delete(hashes: readonly string[], now: number): object {
    return { deleted: this.#mailbox.delete(hashes, now).sort() };
  }

  deleteMany(scope: NamespaceScope, before: number | null, now: number): object {
    return { deleted: byScope(scope, this.#mailbox.deleteMany(scope, before, now)) };
  }

  /** `expiries` has one value for all, or one for each. */
  expire(
    hashes: readonly string[],
    expiries: readonly number[],
    flag: 'extend' | 'shorten' | null,
    now: number,
  ): object {
    const [first = 0] = expiries;
    const changes = hashes.map((hash, index) => ({ hash, expiryMs: expiries[index] ?? first }));
    const outcomes = this.#mailbox.changeExpiries(changes, flag ?? 'set', now);
    const updated = outcomes.filter(({ changed }) => changed).sort(byHash);
    const kept = outcomes.filter(({ changed }) => !changed);
    return {
      expiry: expiries.length > 1 ? updated.map(({ expiryMs }) => expiryMs) : first,
      updated: updated.map(({ hash }) => hash),
      ...(flag === null ? {} : { unchanged: objectOf(kept) }),
    };
  }

  expireAll(scope: NamespaceScope, expiry: number, now: number): object {
    return { updated: byScope(scope, this.#mailbox.shortenMany(scope, expiry, now)) };
  }

  getExpiries(hashes: readonly string[], now: number): object {
    return { expiries: objectOf(this.#mailbox.expiries(hashes, now)) };
  }

  hash({ namespace, text }: Pick<Given, 'namespace' | 'text'>): string {
    return hashOf(this.account, namespace, text);
  }
}

const byHash = (a: { hash: string }, b: { hash: string }): number => (a.hash < b.hash ? -1 : 1);

const objectOf = (expiries: readonly ExpiryChange[]): object =>
  Object.fromEntries(expiries.map(({ hash, expiryMs }) => [hash, expiryMs]));

/** A sorted list, or sorted lists by namespace. */
function byScope(scope: NamespaceScope, names: readonly MessageName[]): ByScope {
  if (scope !== 'all') return names.map(({ hash }) => hash).sort();
  const lists: Record<string, string[]> = {};
  for (const { hash, namespace } of names.toSorted(byHash)) (lists[String(namespace)] ??= []).push(hash);
  return lists;
}
