import { RESTORE_NOTE } from '../storage.config.js';
import { mastersOf, redisFacts, ServiceUnreachable, type Log, type RedisClient, type RedisFacts } from '#platform';

const NO_FILE = 'a restart of Redis loses messages that were acknowledged; set appendonly yes';
/** A server that does not let its settings be read (a hosted one) cannot be judged. */
const UNKNOWN_SYNC =
  'its settings cannot be read; acknowledged messages survive a loss of power only with appendfsync always';
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
    const facts = await redisFacts(server);
    if (facts.policy !== 'noeviction') {
      throw new ServiceUnreachable(
        `Redis may evict messages (maxmemory-policy ${facts.policy}); set maxmemory-policy noeviction`,
      );
    }
    if (facts.isOfCluster && client === server) {
      throw new ServiceUnreachable('Redis is a server of a cluster; set STORAGE_REDIS_CLUSTER to true');
    }
    const weakness = weaknessOf(facts);
    if (weakness !== undefined) log.warn('redis_not_durable', { reason: weakness });
  }
}

function weaknessOf({ hasAppendOnlyFile, sync }: RedisFacts): string | undefined {
  if (!hasAppendOnlyFile) return NO_FILE;
  return sync === null ? UNKNOWN_SYNC : WEAKER_SYNC[sync];
}

/** Throws ServiceUnreachable when messages are missing that a restore is still to bring. */
export async function refuseHalfRestored(client: RedisClient, prefix: string): Promise<void> {
  if ((await client.exists(`${prefix}:${RESTORE_NOTE}`)) === 0) return;
  throw new ServiceUnreachable(
    'Redis holds a backup that has not been restored to its end; restore the same backup again: starling restore FILE',
  );
}
