import type { Provider } from '@nestjs/common';
import { CONFIG, type RedisClient } from '#platform';
import { REDIS } from '../redis/redis.provider.js';
import type { StorageConfig } from '../storage.config.js';
import { Monitor } from './monitor.js';
import { NewMessages } from './new-messages.js';
import { RedisWatchers } from './redis-watchers.js';
import { Watchers } from './watchers.js';

export const monitorProviders: Provider[] = [
  {
    provide: Watchers,
    inject: [REDIS, CONFIG],
    useFactory: (redis: RedisClient, config: StorageConfig) => new RedisWatchers(redis, config.STORAGE_REDIS_PREFIX),
  },
  Monitor,
  NewMessages,
];
