import { asRedisProblem, LuaScript, type RedisClient } from '#platform';
import type { AccountId } from '#protocol';
import { accountKeys, accountTag } from '../mailbox/account-keys.js';
import { fullOr } from '../mailbox/mailboxes.js';
import { Revocations } from './revocations.js';

const REVOKE = LuaScript.load(new URL('revoke-tokens.lua', import.meta.url), ['revoked']);

/** Many times what a group could have had as members. The network's own nodes forget all but 50. */
const MAX_TOKENS = 1_000;
/** After its last refresh; by then the keys of a group have long changed. */
const LIFE_MS = 365 * 86_400_000;

/** docs/storage-layout.md describes the key. */
export class RedisRevocations extends Revocations {
  constructor(
    private readonly redis: RedisClient,
    private readonly prefix: string,
  ) {
    super();
  }

  async revoke(account: AccountId, tokens: readonly Uint8Array[], nowMs: number): Promise<void> {
    if (tokens.length === 0) return;
    const args = [nowMs, LIFE_MS, MAX_TOKENS, ...tokens.map((token) => Buffer.from(token))];
    await REVOKE.run(this.redis, { revoked: this.#key(account) }, args).catch(fullOr);
  }

  async unrevoke(account: AccountId, tokens: readonly Uint8Array[], nowMs: number): Promise<number> {
    const key = this.#key(account);
    return this.#ask(async () => {
      await this.redis.zremrangebyscore(key, '-inf', nowMs - LIFE_MS);
      return tokens.length === 0 ? 0 : this.redis.zrem(key, ...tokens.map((token) => Buffer.from(token)));
    });
  }

  async isRevoked(account: AccountId, token: Uint8Array, nowMs: number): Promise<boolean> {
    const revokedMs = await this.#ask(() => this.redis.zscore(this.#key(account), Buffer.from(token)));
    return revokedMs !== null && Number(revokedMs) > nowMs - LIFE_MS;
  }

  #key(account: AccountId): string {
    return accountKeys(this.prefix, accountTag(account)).revoked;
  }

  async #ask<T>(command: () => Promise<T>): Promise<T> {
    try {
      return await command();
    } catch (cause) {
      throw asRedisProblem(cause);
    }
  }
}
