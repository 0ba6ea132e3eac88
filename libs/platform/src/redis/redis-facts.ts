import { connectRedis, connectRedisCluster, type RedisSettings } from './redis-connection.js';
import { mastersOf } from './redis-client.js';

/** What one server says about how it keeps its data. */
export interface RedisFacts {
  readonly version: string;
  readonly isOfCluster: boolean;
  /** What it does when its memory is full. */
  readonly policy: string;
  readonly hasAppendOnlyFile: boolean;
  /** `always`, `everysec` or `no`; null where the server does not let its settings be read. */
  readonly sync: string | null;
  /** False: its last write to the append-only file failed. */
  readonly canWrite: boolean;
  readonly usedBytes: number;
  /** 0: no bound. */
  readonly maxBytes: number;
  /** Folder of its files on its own machine; null where it is not told. */
  readonly folder: string | null;
}

/** Asks every server that keys may be on, and leaves. Throws ServiceUnreachable, and what a server answers. */
export async function askRedis(settings: RedisSettings & { readonly isCluster: boolean }): Promise<RedisFacts[]> {
  const client = await (settings.isCluster ? connectRedisCluster(settings) : connectRedis(settings));
  try {
    return await Promise.all(mastersOf(client).map(redisFacts));
  } finally {
    client.disconnect();
  }
}

type Server = ReturnType<typeof mastersOf>[number];

/** Throws what the server answers. */
export async function redisFacts(server: Server): Promise<RedisFacts> {
  const info = await server.info();
  const field = (name: string): string => new RegExp(`^${name}:(\\S*)`, 'm').exec(info)?.[1] ?? '';
  return {
    version: field('redis_version'),
    isOfCluster: field('cluster_enabled') === '1',
    policy: field('maxmemory_policy') || 'noeviction',
    hasAppendOnlyFile: field('aof_enabled') === '1',
    sync: await setting(server, 'appendfsync'),
    canWrite: field('aof_last_write_status') !== 'err',
    usedBytes: Number(field('used_memory')),
    maxBytes: Number(field('maxmemory')),
    folder: await setting(server, 'dir'),
  };
}

/** Null where the user or a hosted server does not allow the question. */
async function setting(server: Server, name: string): Promise<string | null> {
  try {
    const [, value = null] = (await server.config('GET', name)) as (string | null)[];
    return value;
  } catch (cause) {
    if (cause instanceof Error && /^(NOPERM|ERR unknown command)/.test(cause.message)) return null;
    throw cause;
  }
}
