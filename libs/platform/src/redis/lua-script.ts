import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { joinWrites } from './joined-writes.js';
import type { RedisClient } from './redis-client.js';
import { asRedisProblem } from './redis-unavailable.js';
import { ScriptCommand, type LuaArgument } from './script-command.js';

/** ioredis makes a `…Buffer` form of every command, but its types leave these two out. */
interface BufferScripts {
  evalshaBuffer(sha: string, keys: number, ...operands: LuaArgument[]): Promise<unknown>;
  evalBuffer(source: string, keys: number, ...operands: LuaArgument[]): Promise<unknown>;
}

/** One Lua file and the names of its keys, in the order the file reads them. */
export class LuaScript<Key extends string> {
  readonly #sha: string;

  private constructor(
    private readonly source: string,
    private readonly keys: readonly Key[],
  ) {
    this.#sha = createHash('sha1').update(source).digest('hex');
  }

  /**
   * `shared` holds local functions for several scripts. Throws when the file lacks its `#!lua` line, without which its
   * flags would be silently absent.
   */
  static load<const Key extends string>(file: URL, keys: readonly Key[], shared?: URL): LuaScript<Key> {
    const source = readFileSync(file, 'utf8');
    if (!source.startsWith('#!lua')) throw new Error(`${file.href} must start with a #!lua line`);
    const firstLineEnd = source.indexOf('\n') + 1;
    const functions = shared === undefined ? '' : readFileSync(shared, 'utf8');
    return new LuaScript(source.slice(0, firstLineEnd) + functions + source.slice(firstLineEnd), keys);
  }

  /** Replies come as buffers. Throws RedisUnavailable, or what the script itself raised. */
  run(
    redis: RedisClient,
    keys: Readonly<Record<Key, string | Buffer>>,
    args: readonly LuaArgument[],
  ): Promise<unknown> {
    const named = this.keys.map((name) => keys[name]);
    return this.runOn(redis, named, args);
  }

  /** The same for a script that takes any number of keys, which it knows by their order. */
  async runOn(redis: RedisClient, keys: readonly (string | Buffer)[], args: readonly LuaArgument[]): Promise<unknown> {
    const scripts = redis as RedisClient & BufferScripts;
    const operands = [...keys, ...args];
    joinWrites(redis);
    try {
      // A cluster finds the server by the keys, which only the driver's own commands show.
      if (redis.isCluster) return await scripts.evalshaBuffer(this.#sha, keys.length, ...operands);
      return await redis.sendCommand(new ScriptCommand(this.#sha, keys.length, operands));
    } catch (cause) {
      if (!(cause instanceof Error && cause.message.startsWith('NOSCRIPT'))) throw asRedisProblem(cause);
    }
    joinWrites(redis);
    try {
      return await scripts.evalBuffer(this.source, keys.length, ...operands); // a restart empties the script cache
    } catch (cause) {
      throw asRedisProblem(cause);
    }
  }
}
