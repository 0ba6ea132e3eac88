import type { FactoryProvider } from '@nestjs/common';
import { Redis } from 'ioredis';
import { connectRedis, CONFIG, Log, Readiness, ServiceUnreachable } from '#platform';
import { STORAGE_PREFIX, type StorageConfig } from '../storage.config.js';
import { ConfiguredShares } from './configured-shares.js';
import { Mailboxes } from './mailboxes.js';
import { MemoryWatch } from './memory-watch.js';
import { OwnerShares } from './owner-shares.js';
import { RedisRevocations } from '../revocation/redis-revocations.js';
import { Revocations } from '../revocation/revocations.js';
import { RedisMailboxes } from './redis-mailboxes.js';

const RedisProvider: FactoryProvider<Redis> = {
  provide: Redis,
  inject: [CONFIG, Log, Readiness],
  useFactory: async (config: StorageConfig, log: Log, readiness: Readiness) => {
    const redis = await connectRedis({
      url: config.STORAGE_REDIS_URL,
      user: config.STORAGE_REDIS_USER,
      password: config.STORAGE_REDIS_PASSWORD,
      name: 'storage',
      prefix: STORAGE_PREFIX,
    });
    await checkDurability(redis, log);
    redis.on('close', () => readiness.set('redis', 'Redis does not answer; we try again until it does'));
    redis.on('ready', () => readiness.set('redis', null));
    return redis;
  },
};

/** A Redis that evicts would lose acknowledged messages without a word. Throws ServiceUnreachable. */
async function checkDurability(redis: Redis, log: Log): Promise<void> {
  const info = await redis.info();
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction';
  if (policy !== 'noeviction') {
    redis.disconnect();
    throw new ServiceUnreachable(
      `Redis may evict messages (maxmemory-policy ${policy}); set maxmemory-policy noeviction`,
    );
  }
  if (/^aof_enabled:0/m.test(info)) {
    log.warn('redis_without_append_only_file', { reason: 'a restart of Redis loses messages; set appendonly yes' });
  }
}

const MailboxesProvider: FactoryProvider<Mailboxes> = {
  provide: Mailboxes,
  inject: [Redis, CONFIG, OwnerShares],
  useFactory: (redis: Redis, config: StorageConfig, shares: OwnerShares) =>
    new RedisMailboxes(redis, config.STORAGE_REDIS_PREFIX, shares),
};

const RevocationsProvider: FactoryProvider<Revocations> = {
  provide: Revocations,
  inject: [Redis, CONFIG],
  useFactory: (redis: Redis, config: StorageConfig) => new RedisRevocations(redis, config.STORAGE_REDIS_PREFIX),
};

export const mailboxProviders = [
  RedisProvider,
  MemoryWatch,
  { provide: OwnerShares, useClass: ConfiguredShares },
  MailboxesProvider,
  RevocationsProvider,
];
