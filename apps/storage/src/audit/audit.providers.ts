import type { FactoryProvider } from '@nestjs/common';
import { CONFIG, type RedisClient } from '#platform';
import { REDIS } from '../redis/redis.provider.js';
import type { StorageConfig } from '../storage.config.js';
import { Audit } from './audit.js';
import { AuditLoop } from './audit-loop.js';
import { AuditSamples } from './audit-samples.js';

const SamplesProvider: FactoryProvider<AuditSamples> = {
  provide: AuditSamples,
  inject: [REDIS, CONFIG],
  useFactory: (redis: RedisClient, config: StorageConfig) => new AuditSamples(redis, config.STORAGE_REDIS_PREFIX),
};

export const auditProviders = [SamplesProvider, Audit, AuditLoop];
