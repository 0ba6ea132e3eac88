import type { Redis } from 'ioredis';
import { mastersOf, ServiceUnreachable, type Log, type RedisClient } from '#platform';

const NO_FILE = 'a restart of Redis loses messages that were acknowledged; set appendonly yes';
const WEAKER_SYNC: Readonly<Record<string, string>> = {
  everysec: 'a loss of power loses up to a second of acknowledged messages; set appendfsync always',
  no: 'a loss of power loses half a minute of acknowledged messages or more; set appendfsync always',
};

/**
 * Looks at every server once. A Redis that evicts would lose acknowledged messages without a word: throws
 * ServiceUnreachable. One that may lose the last of them with its power is told of in the log.
 */
export async function checkDurability(client: RedisClient, log: Log): Promise<void> {
  for (const server of mastersOf(client)) {
    const info = await server.info();
    const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction';
    if (policy !== 'noeviction') {
      throw new ServiceUnreachable(
        `Redis may evict messages (maxmemory-policy ${policy}); set maxmemory-policy noeviction`,
      );
    }
    if (/^cluster_enabled:1/m.test(info) && client === server) {
      throw new ServiceUnreachable('Redis is a server of a cluster; set STORAGE_REDIS_CLUSTER to true');
    }
    const weakness = /^aof_enabled:0/m.test(info) ? NO_FILE : await syncWeakness(server);
    if (weakness !== undefined) log.warn('redis_not_durable', { reason: weakness });
  }
}

/** A server that does not let its settings be read (a hosted one) cannot be judged. */
async function syncWeakness(server: Redis): Promise<string | undefined> {
  try {
    const [, value = ''] = await server.config('GET', 'appendfsync');
    return WEAKER_SYNC[value];
  } catch (cause) {
    if (cause instanceof Error && /^(NOPERM|ERR unknown command)/.test(cause.message)) {
      return 'its settings cannot be read; acknowledged messages survive a loss of power only with appendfsync always';
    }
    throw cause;
  }
}
