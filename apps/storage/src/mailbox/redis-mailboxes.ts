import type { Redis } from 'ioredis';
import { asRedisProblem, LuaScript } from '#platform';
import { messageCost, type AccountId, type ExpiryMode, type NamespaceScope, type PageLimits } from '#protocol';
import { accountKeys, accountTag, DUE_SHARDS, dueKey, shardOf } from './account-keys.js';
import {
  fullOr,
  Mailboxes,
  type ExpiryChange,
  type ExpiryOutcome,
  type MessageName,
  type NewMessage,
  type Page,
  type StoredMessage,
  type StoreOutcome,
} from './mailboxes.js';
import { hashToBytes, hashToText, nameAtPlace, packMessage, unpackMessage } from './packed-message.js';

const script = <const Key extends string>(file: string, keys: readonly Key[]): LuaScript<Key> =>
  LuaScript.load(new URL(file, import.meta.url), keys, new URL('places.lua', import.meta.url));

const STORE = script('store-message.lua', ['messages', 'order', 'expiries', 'orderBase']);
const PAGE = script('page-messages.lua', ['messages', 'order', 'expiries']);
const DELETE = script('delete-messages.lua', ['messages', 'expiries', 'orderBase']);
const DELETE_MANY = script('delete-many.lua', ['messages', 'expiries', 'orderBase']);
const CHANGE_EXPIRIES = script('change-expiries.lua', ['messages', 'expiries', 'orderBase']);
const SHORTEN_MANY = script('shorten-many.lua', ['expiries']);
const READ_EXPIRIES = script('read-expiries.lua', ['messages', 'expiries']);
const PURGE = script('purge-account.lua', ['messages', 'expiries', 'orderBase']);
const NOTE_DUE = script('note-due.lua', ['due']);

/** Accounts that one purge looks at, per index: keeps a step well below the time of a few requests. */
const ACCOUNTS_PER_STEP = 64;
/** Messages of one account freed in one script: about half a millisecond of Redis. */
const MESSAGES_PER_STEP = 200;

/** docs/storage-layout.md describes the keys. */
export class RedisMailboxes extends Mailboxes {
  constructor(
    private readonly redis: Redis,
    private readonly prefix: string,
  ) {
    super();
  }

  async store(account: AccountId, message: NewMessage, nowMs: number): Promise<StoreOutcome> {
    const tag = accountTag(account);
    const { messages, expiries, orderBase } = accountKeys(this.prefix, tag);
    const hash = hashToBytes(message.hash);
    if (hash === null) throw new RangeError('a message hash has 43 characters of canonical base64');
    const packed = packMessage(message.namespace, message.timestampMs, message.data);
    const keys = { messages, order: `${orderBase}${message.namespace}`, expiries, orderBase };
    const args = [hash, packed, message.expiryMs, nowMs, message.replaces ? '1' : '0'];
    const [isNew, expiryMs] = (await STORE.run(this.redis, keys, args).catch(fullOr)) as [number, number];
    // Only now: an entry that stood before the message could be taken out by a purge that did not find it yet.
    await this.#due(shardOf(account), tag, expiryMs);
    return { expiryMs, already: isNew === 0 };
  }

  async page(
    account: AccountId,
    namespace: number,
    after: string | null,
    limits: PageLimits,
    nowMs: number,
  ): Promise<Page> {
    const { messages, expiries, orderBase } = accountKeys(this.prefix, accountTag(account));
    const place = after === null ? null : hashToBytes(after);
    const { maxMessages, maxCost } = limits;
    const count = maxMessages ?? Number.MAX_SAFE_INTEGER;
    const args = [place ?? '', nowMs, count, maxCost, messageCost(0)];
    const keys = { messages, order: `${orderBase}${namespace}`, expiries };
    const [more, ...flat] = (await PAGE.run(this.redis, keys, args)) as [number, ...Buffer[]];
    return { messages: readMessages(flat), more: more === 1 };
  }

  async delete(account: AccountId, hashes: readonly string[], nowMs: number): Promise<string[]> {
    const known = hashes.map(hashToBytes).filter((hash) => hash !== null);
    if (known.length === 0) return [];
    const keys = accountKeys(this.prefix, accountTag(account));
    const deleted = (await DELETE.run(this.redis, { ...keys }, [nowMs, ...known])) as Buffer[];
    return deleted.map(hashToText);
  }

  async deleteMany(
    account: AccountId,
    scope: NamespaceScope,
    beforeMs: number | null,
    nowMs: number,
  ): Promise<MessageName[]> {
    const keys = accountKeys(this.prefix, accountTag(account));
    const args = [nowMs, scope, ...(beforeMs === null ? [] : [beforeMs])];
    return ((await DELETE_MANY.run(this.redis, { ...keys }, args)) as Buffer[]).map(nameAtPlace);
  }

  async changeExpiries(
    account: AccountId,
    changes: readonly ExpiryChange[],
    mode: ExpiryMode,
    nowMs: number,
  ): Promise<ExpiryOutcome[]> {
    const tag = accountTag(account);
    const known = changes.flatMap(({ hash, expiryMs }) => {
      const bytes = hashToBytes(hash);
      return bytes === null ? [] : [{ hash, bytes, expiryMs }];
    });
    if (known.length === 0) return [];
    const args = [nowMs, mode, ...known.flatMap(({ bytes, expiryMs }) => [bytes, expiryMs])];
    const replies = (await CHANGE_EXPIRIES.run(this.redis, { ...accountKeys(this.prefix, tag) }, args)) as (
      -1 | [number, number]
    )[];
    const outcomes = known.flatMap(({ hash }, index) => {
      const reply = replies[index] ?? -1;
      return reply === -1 ? [] : [{ hash, changed: reply[0] === 1, expiryMs: reply[1] }];
    });
    const changed = outcomes.filter((outcome) => outcome.changed).map(({ expiryMs }) => expiryMs);
    if (changed.length > 0) await this.#due(shardOf(account), tag, Math.min(...changed));
    return outcomes;
  }

  async shortenMany(
    account: AccountId,
    scope: NamespaceScope,
    expiryMs: number,
    nowMs: number,
  ): Promise<MessageName[]> {
    const tag = accountTag(account);
    const { expiries } = accountKeys(this.prefix, tag);
    const places = (await SHORTEN_MANY.run(this.redis, { expiries }, [nowMs, scope, expiryMs])) as Buffer[];
    if (places.length > 0) await this.#due(shardOf(account), tag, expiryMs);
    return places.map(nameAtPlace);
  }

  async expiries(account: AccountId, hashes: readonly string[], nowMs: number): Promise<ExpiryChange[]> {
    const known = hashes.filter((hash) => hashToBytes(hash) !== null);
    if (known.length === 0) return [];
    const { messages, expiries } = accountKeys(this.prefix, accountTag(account));
    const args = [nowMs, ...known.map((hash) => hashToBytes(hash) ?? '')];
    const found = (await READ_EXPIRIES.run(this.redis, { messages, expiries }, args)) as number[];
    return known.map((hash, index) => ({ hash, expiryMs: found[index] ?? -1 })).filter(({ expiryMs }) => expiryMs >= 0);
  }

  async purge(nowMs: number): Promise<number> {
    const shards = Array.from({ length: DUE_SHARDS }, (_unused, shard) => this.#purgeShard(shard, nowMs));
    const freed = await Promise.all(shards);
    return freed.reduce((sum, count) => sum + count, 0);
  }

  /**
   * Takes due accounts out of the index and puts them back with their next expiry. Several replicas may do this at
   * once. If one dies in between, the account's keys still end by themselves with its last message.
   */
  async #purgeShard(shard: number, nowMs: number): Promise<number> {
    const tags = await this.#ask(() =>
      this.redis.zrangebyscore(dueKey(this.prefix, shard), '-inf', nowMs, 'LIMIT', 0, ACCOUNTS_PER_STEP),
    );
    const freed = await Promise.all(tags.map((tag) => this.#purgeAccount(shard, tag, nowMs)));
    return freed.reduce((sum, count) => sum + count, 0);
  }

  async #purgeAccount(shard: number, tag: string, nowMs: number): Promise<number> {
    const isOurs = await this.#ask(() => this.redis.zrem(dueKey(this.prefix, shard), tag));
    if (isOurs === 0) return 0;
    const keys = accountKeys(this.prefix, tag);
    const [freed, nextMs] = (await PURGE.run(this.redis, { ...keys }, [nowMs, MESSAGES_PER_STEP])) as [number, number];
    if (nextMs >= 0) await this.#due(shard, tag, nextMs);
    return freed;
  }

  async #due(shard: number, tag: string, expiryMs: number): Promise<void> {
    await NOTE_DUE.run(this.redis, { due: dueKey(this.prefix, shard) }, [expiryMs, tag]);
  }

  async #ask<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command();
    } catch (cause) {
      throw asRedisProblem(cause);
    }
  }
}

function readMessages(flat: readonly Buffer[]): StoredMessage[] {
  const messages: StoredMessage[] = [];
  for (let at = 0; at + 2 < flat.length; at += 3) {
    const [hash, packed, expiry] = flat.slice(at, at + 3) as [Buffer, Buffer, Buffer];
    messages.push({ hash: hashToText(hash), expiryMs: Number(expiry.toString('latin1')), ...unpackMessage(packed) });
  }
  return messages;
}
