import { asRedisProblem, LuaScript, type RedisClient } from '#platform';
import { dueKey, type AccountPlace } from './account-keys.js';

const NOTE = LuaScript.load(new URL('note-due.lua', import.meta.url), ['due']);

/** Accounts by the expiry of their next message, in several sorted sets. docs/storage-layout.md */
export class DueAccounts {
  constructor(
    private readonly redis: RedisClient,
    private readonly prefix: string,
  ) {}

  /** The earliest time counts. */
  async note({ shard, tag }: AccountPlace, expiryMs: number): Promise<void> {
    await NOTE.run(this.redis, { due: dueKey(this.prefix, shard) }, [expiryMs, tag]);
  }

  /** Accounts of one index that are due, up to a number. They stay where they are. */
  async due(shard: number, nowMs: number, most: number): Promise<AccountPlace[]> {
    const key = dueKey(this.prefix, shard);
    const tags = await this.#ask(() => this.redis.zrangebyscore(key, '-inf', nowMs, 'LIMIT', 0, most));
    return tags.map((tag) => ({ shard, tag }));
  }

  /** False when somebody else has taken it. */
  async take({ shard, tag }: AccountPlace): Promise<boolean> {
    return (await this.#ask(() => this.redis.zrem(dueKey(this.prefix, shard), tag))) === 1;
  }

  async #ask<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command();
    } catch (cause) {
      throw asRedisProblem(cause);
    }
  }
}
