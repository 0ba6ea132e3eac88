import { RedisUnavailable, type LuaArgument, type RedisClient } from '#platform';
import { messageCost, type AccountId, type ExpiryMode, type NamespaceScope, type PageLimits } from '#protocol';
import { WATCHES } from '../monitor/redis-watchers.js';
import type { Watch } from '../monitor/watchers.js';
import {
  accountKeys,
  accountTag,
  dueKey,
  DUE_SHARDS,
  placeOf,
  type AccountKeys,
  type AccountPlace,
} from './account-keys.js';
import { DueAccounts } from './due-accounts.js';
import * as scripts from './mailbox-scripts.js';
import {
  fullOr,
  MailboxFull,
  Mailboxes,
  type ExpiryChange,
  type ExpiryOutcome,
  type HeldMessage,
  type MessageName,
  type NewMessage,
  type Page,
  type PutOutcome,
  type StoredMessage,
  type StoreOutcome,
} from './mailboxes.js';
import { hashToBytes, hashToText, nameInRecord, readMessage } from './message-record.js';
import type { OwnerShares } from './owner-shares.js';
import { splitData } from './split-data.js';

/** Accounts that one purge looks at, per index: keeps a step well below the time of a few requests. */
const ACCOUNTS_PER_STEP = 64;
/** Messages of one account freed in one script: a millisecond or two of Redis. */
const MESSAGES_PER_STEP = 200;

interface Written {
  readonly outcome: PutOutcome;
  readonly expiryMs: number;
  readonly watch: Watch | undefined;
}

/** docs/storage-layout.md describes the keys. */
export class RedisMailboxes extends Mailboxes {
  readonly #due: DueAccounts;

  constructor(
    private readonly redis: RedisClient,
    private readonly prefix: string,
    private readonly shares: OwnerShares,
  ) {
    super();
    this.#due = new DueAccounts(redis, prefix);
  }

  async store(account: AccountId, message: NewMessage, nowMs: number): Promise<StoreOutcome> {
    const { outcome, expiryMs, watch } = await this.#write(account, message, nowMs, 'client');
    return { expiryMs, already: outcome === 'held', ...(watch !== undefined && { watch }) };
  }

  async put(account: AccountId, message: NewMessage, nowMs: number): Promise<PutOutcome> {
    if (message.expiryMs <= nowMs) return 'expired';
    const { outcome } = await this.#write(account, message, nowMs, 'member');
    return outcome;
  }

  async #write(account: AccountId, message: NewMessage, nowMs: number, source: 'client' | 'member'): Promise<Written> {
    const { namespace, timestampMs, replaces } = message;
    const hash = hashToBytes(message.hash);
    if (hash === null) throw new RangeError('a message hash has 43 characters of canonical base64');
    const { body, tail } = splitData(message.data);
    const { maxMessages, maxBytes, reason } = this.shares.for(namespace);
    const times = [namespace, timestampMs, message.expiryMs, nowMs];
    const place = placeOf(account);
    const args = [hash, body, tail, ...times, replaces ? '1' : '0', source, maxMessages, maxBytes, place.tag];
    const reply = await this.#runStore(place, args).catch(fullOr);
    const [word, expiryMs, watched = 0] = reply as [Buffer, number, number?];
    const outcome = word.toString('latin1') as PutOutcome | 'beyond';
    if (outcome === 'beyond') throw new MailboxFull(reason);
    // Not before the message, or a purge that does not find it yet could take the entry out.
    if (this.redis.isCluster && (outcome === 'new' || outcome === 'held')) await this.#due.note(place, expiryMs);
    return { outcome, expiryMs, watch: WATCHES[watched] };
  }

  /** One script notes the expiry too, unless the index of due accounts may be on another server. */
  #runStore({ tag, shard }: AccountPlace, args: readonly LuaArgument[]): Promise<unknown> {
    const keys = accountKeys(this.prefix, tag);
    if (this.redis.isCluster) return scripts.STORE.run(this.redis, keys, args);
    return scripts.STORE_AND_NOTE.run(this.redis, { ...keys, due: dueKey(this.prefix, shard) }, args);
  }

  async page(
    account: AccountId,
    namespace: number,
    after: string | null,
    limits: PageLimits,
    nowMs: number,
  ): Promise<Page> {
    const hash = after === null ? null : hashToBytes(after);
    const { maxMessages, maxCost } = limits;
    const args = [namespace, hash ?? '', nowMs, maxMessages ?? Number.MAX_SAFE_INTEGER, maxCost, messageCost(0)];
    const reply = await scripts.PAGE.run(this.redis, this.#keys(account), args);
    const [more, ...flat] = reply as [number, ...Buffer[]];
    return { messages: readMessages(flat), more: more === 1 };
  }

  async delete(account: AccountId, hashes: readonly string[], nowMs: number): Promise<string[]> {
    const known = hashes.map(hashToBytes).filter((hash) => hash !== null);
    if (known.length === 0) return [];
    const deleted = await scripts.DELETE.run(this.redis, this.#keys(account), [nowMs, ...known]);
    return (deleted as Buffer[]).map(hashToText);
  }

  async deleteMany(
    account: AccountId,
    scope: NamespaceScope,
    beforeMs: number | null,
    nowMs: number,
  ): Promise<MessageName[]> {
    const args = [nowMs, scope, ...(beforeMs === null ? [] : [beforeMs])];
    const deleted = await scripts.DELETE_MANY.run(this.redis, this.#keys(account), args);
    return (deleted as Buffer[]).map(nameInRecord);
  }

  async changeExpiries(
    account: AccountId,
    changes: readonly ExpiryChange[],
    mode: ExpiryMode,
    nowMs: number,
  ): Promise<ExpiryOutcome[]> {
    const known = changes.flatMap(({ hash, expiryMs }) => {
      const bytes = hashToBytes(hash);
      return bytes === null ? [] : [{ hash, bytes, expiryMs }];
    });
    if (known.length === 0) return [];
    const args = [nowMs, mode, ...known.flatMap(({ bytes, expiryMs }) => [bytes, expiryMs])];
    const reply = await scripts.CHANGE_EXPIRIES.run(this.redis, this.#keys(account), args);
    const outcomes = known.flatMap(({ hash }, index) => {
      const each = (reply as (-1 | [number, number])[])[index] ?? -1;
      return each === -1 ? [] : [{ hash, changed: each[0] === 1, expiryMs: each[1] }];
    });
    const changed = outcomes.filter((outcome) => outcome.changed).map(({ expiryMs }) => expiryMs);
    if (changed.length > 0) await this.#due.note(placeOf(account), Math.min(...changed));
    return outcomes;
  }

  async shortenMany(
    account: AccountId,
    scope: NamespaceScope,
    expiryMs: number,
    nowMs: number,
  ): Promise<MessageName[]> {
    const shortened = await scripts.SHORTEN_MANY.run(this.redis, this.#keys(account), [nowMs, scope, expiryMs]);
    const names = (shortened as Buffer[]).map(nameInRecord);
    if (names.length > 0) await this.#due.note(placeOf(account), expiryMs);
    return names;
  }

  async expiries(account: AccountId, hashes: readonly string[], nowMs: number): Promise<ExpiryChange[]> {
    const known = hashes.filter((hash) => hashToBytes(hash) !== null);
    if (known.length === 0) return [];
    const args = [nowMs, ...known.map((hash) => hashToBytes(hash) ?? '')];
    const found = (await scripts.READ_EXPIRIES.run(this.redis, this.#keys(account), args)) as number[];
    return known.map((hash, index) => ({ hash, expiryMs: found[index] ?? -1 })).filter(({ expiryMs }) => expiryMs >= 0);
  }

  async fetch(account: AccountId, hashes: readonly string[], maxBytes: number, nowMs: number): Promise<HeldMessage[]> {
    const known = hashes.map(hashToBytes).filter((hash) => hash !== null);
    if (known.length === 0) return [];
    const reply = await scripts.FETCH.run(this.redis, this.#keys(account), [nowMs, maxBytes, ...known]);
    const flat = reply as Buffer[];
    return readMessages(flat).map((message, at) => ({
      ...message,
      namespace: nameInRecord(flat[at * 3] ?? Buffer.alloc(0)).namespace,
    }));
  }

  /** What is on a server of a cluster that is away waits; the others are freed. */
  async purge(nowMs: number): Promise<number> {
    const steps = Array.from({ length: DUE_SHARDS }, (_unused, shard) => this.#purgeShard(shard, nowMs));
    const outcomes = await Promise.allSettled(steps);
    const freed = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 0));
    const sum = freed.reduce((total, count) => total + count, 0);
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }): unknown => reason);
    const fault = failed.find((cause) => !(cause instanceof RedisUnavailable));
    if (fault !== undefined || failed.length === DUE_SHARDS) throw fault ?? failed[0];
    return sum;
  }

  async #purgeShard(shard: number, nowMs: number): Promise<number> {
    const due = await this.#due.due(shard, nowMs, ACCOUNTS_PER_STEP);
    const freed = await Promise.all(due.map((place) => this.#purgeAccount(place, nowMs)));
    return freed.reduce((sum, count) => sum + count, 0);
  }

  /**
   * Takes a due account out of the index and puts it back with its next expiry. Several replicas may do this at once.
   * If one dies in between, the account's keys still end by themselves with its last message.
   */
  async #purgeAccount(place: AccountPlace, nowMs: number): Promise<number> {
    if (!(await this.#due.take(place))) return 0;
    const keys = accountKeys(this.prefix, place.tag);
    const reply = await scripts.PURGE.run(this.redis, keys, [nowMs, MESSAGES_PER_STEP]).catch(
      async (cause: unknown) => {
        await this.#due.note(place, nowMs); // its server is away, that of the index is not
        throw cause;
      },
    );
    const [freed, nextMs] = reply as [number, number];
    if (nextMs >= 0) await this.#due.note(place, nextMs);
    return freed;
  }

  #keys(account: AccountId): AccountKeys {
    return accountKeys(this.prefix, accountTag(account));
  }
}

function readMessages(flat: readonly Buffer[]): StoredMessage[] {
  const messages: StoredMessage[] = [];
  for (let at = 0; at + 2 < flat.length; at += 3) {
    messages.push(readMessage(...(flat.slice(at, at + 3) as [Buffer, Buffer, Buffer])));
  }
  return messages;
}
