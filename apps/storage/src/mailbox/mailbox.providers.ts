import type { FactoryProvider } from '@nestjs/common';
import { CONFIG, type RedisClient } from '#platform';
import { REDIS } from '../redis/redis.provider.js';
import { RedisRevocations } from '../revocation/redis-revocations.js';
import { Revocations } from '../revocation/revocations.js';
import type { StorageConfig } from '../storage.config.js';
import { ConfiguredShares } from './configured-shares.js';
import { Mailboxes } from './mailboxes.js';
import { MemoryWatch } from './memory-watch.js';
import { OwnerShares } from './owner-shares.js';
import { RedisMailboxes } from './redis-mailboxes.js';

const MailboxesProvider: FactoryProvider<Mailboxes> = {
  provide: Mailboxes,
  inject: [REDIS, CONFIG, OwnerShares],
  useFactory: (redis: RedisClient, config: StorageConfig, shares: OwnerShares) =>
    new RedisMailboxes(redis, config.STORAGE_REDIS_PREFIX, shares),
};

const RevocationsProvider: FactoryProvider<Revocations> = {
  provide: Revocations,
  inject: [REDIS, CONFIG],
  useFactory: (redis: RedisClient, config: StorageConfig) => new RedisRevocations(redis, config.STORAGE_REDIS_PREFIX),
};

export const mailboxProviders = [
  MemoryWatch,
  { provide: OwnerShares, useClass: ConfiguredShares },
  MailboxesProvider,
  RevocationsProvider,
];
