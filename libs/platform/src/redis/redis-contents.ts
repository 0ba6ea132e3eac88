import { LuaScript } from './lua-script.js';
import { mastersOf, type RedisClient } from './redis-client.js';
import { connectRedis, connectRedisCluster, type RedisSettings } from './redis-connection.js';

const READ = LuaScript.load(new URL('read-together.lua', import.meta.url), []);

/** Keys that a server is asked to look at in one step: milliseconds of its time. */
const SCAN_STEP = 500;

export type StoredKind = 'string' | 'hash' | 'zset';

/** A key, or a part of what is in it. */
export interface StoredKey {
  /** Without the prefix. */
  readonly name: string;
  readonly kind: StoredKind;
  /** Null: it stays. */
  readonly expiresAtMs: number | null;
  /** Of a string its value, of a hash field and value in turn, of a sorted set member and score. */
  readonly items: readonly Buffer[];
}

/**
 * Names of the keys that one belongs to, itself among them, always in the same order: those that must be read at one
 * moment. On a Redis Cluster they are in one slot.
 */
export type Companions = (name: string) => readonly string[];

/** Everything under one prefix, for copies of it. Its names and contents are ours to read and write, whatever they mean. */
export class RedisContents {
  private constructor(
    private readonly client: RedisClient,
    private readonly prefix: string,
  ) {}

  /** Throws ServiceUnreachable. */
  static async open(
    settings: RedisSettings & { readonly isCluster: boolean; readonly keyPrefix: string },
  ): Promise<RedisContents> {
    const client = await (settings.isCluster ? connectRedisCluster(settings) : connectRedis(settings));
    return new RedisContents(client, `${settings.keyPrefix}:`);
  }

  close(): void {
    this.client.disconnect();
  }

  /** Names of keys, without the prefix; one may come twice. */
  async *names(): AsyncGenerator<string> {
    for (const server of mastersOf(this.client)) {
      const scan = server.scanStream({ match: `${this.prefix}*`, count: SCAN_STEP });
      for await (const keys of scan as AsyncIterable<string[]>) {
        for (const key of keys) yield key.slice(this.prefix.length);
      }
    }
  }

  /**
   * All that is there, group after group, each as it was at one moment. What is written meanwhile may be in it or not, and
   * a group may come twice: the later one counts. A group is held in memory as a whole. Throws what Redis answers.
   */
  async *groups(companions: Companions): AsyncGenerator<readonly StoredKey[]> {
    for await (const name of this.names()) {
      const names = companions(name);
      const keys = names.map((each) => this.prefix + each);
      const found = (await READ.runOn(this.client, keys, [names.indexOf(name) + 1])) as RawKey[];
      if (found.length > 0) yield found.map((raw) => storedKey(raw, names));
    }
  }

  async remove(names: readonly string[]): Promise<void> {
    for (const name of names) await this.client.unlink(this.prefix + name);
  }

  /** Adds to what is under that name, and sets when it ends. Throws what Redis answers, such as that it is full. */
  async add({ name, kind, expiresAtMs, items }: StoredKey): Promise<void> {
    const key = this.prefix + name;
    if (kind === 'string') await this.client.set(key, items[0] ?? Buffer.alloc(0));
    else if (kind === 'hash') await this.client.hset(key, ...items);
    else await this.client.zadd(key, ...swapped(items));
    if (expiresAtMs !== null) await this.client.pexpireat(key, expiresAtMs);
  }

  /** A small text of our own under the prefix; null when there is none. */
  noteAt(name: string): Promise<string | null> {
    return this.client.get(this.prefix + name);
  }

  async leaveNote(name: string, text: string): Promise<void> {
    await this.client.set(this.prefix + name, text);
  }
}

type RawKey = readonly [number: number, kind: Buffer, expiry: number, content: Buffer | readonly Buffer[]];

function storedKey([number, kind, expiry, content]: RawKey, names: readonly string[]): StoredKey {
  return {
    name: names[number - 1] ?? '',
    kind: kind.toString('latin1') as StoredKind,
    expiresAtMs: expiry < 0 ? null : expiry,
    items: Buffer.isBuffer(content) ? [content] : content,
  };
}

/** A sorted set is read as member and score, and written as score and member. */
function swapped(items: readonly Buffer[]): Buffer[] {
  return items.map((_, index) => items[index ^ 1] ?? Buffer.alloc(0));
}
