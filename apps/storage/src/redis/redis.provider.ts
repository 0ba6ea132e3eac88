import type { FactoryProvider } from '@nestjs/common';
import {
  asRedisProblem,
  CONFIG,
  ConfigError,
  connectRedis,
  connectRedisCluster,
  Log,
  mustAskForPassword,
  Readiness,
  RedisUnavailable,
  ServiceUnreachable,
  type RedisClient,
} from '#platform';
import { STORAGE_PREFIX, type StorageConfig } from '../storage.config.js';
import { checkDurability, refuseHalfRestored } from './durability.js';
import { checkSlowLog } from './slow-log.js';

/** One Redis or a Redis Cluster. */
export const REDIS = Symbol('REDIS');

export const RedisProvider: FactoryProvider<RedisClient> = {
  provide: REDIS,
  inject: [CONFIG, Log, Readiness],
  useFactory: async (config: StorageConfig, log: Log, readiness: Readiness) => {
    const client = await connect(config);
    try {
      await checkDurability(client, log);
      await checkSlowLog(client, log);
      await refuseHalfRestored(client, config.STORAGE_REDIS_PREFIX);
    } catch (cause) {
      client.disconnect();
      if (cause instanceof ServiceUnreachable) throw cause;
      throw asRedisProblem(cause) instanceof RedisUnavailable ? lost() : cause;
    }
    client.on('close', () => readiness.set('redis', 'Redis does not answer; we try again until it does'));
    client.on('ready', () => readiness.set('redis', null));
    return client;
  },
};

const lost = (): ServiceUnreachable =>
  new ServiceUnreachable('Redis went away while we looked at its settings; start again');

async function connect(config: StorageConfig): Promise<RedisClient> {
  const settings = {
    url: config.STORAGE_REDIS_URL,
    user: config.STORAGE_REDIS_USER,
    password: config.STORAGE_REDIS_PASSWORD,
    caFile: config.STORAGE_REDIS_CA_FILE,
    mustAskForPassword: mustAskForPassword(config.STORAGE_REDIS_URL, config.STORAGE_OPEN_SERVERS),
    name: 'storage',
    prefix: STORAGE_PREFIX,
  };
  if (config.STORAGE_REDIS_CLUSTER) return connectRedisCluster(settings);
  if (settings.url.includes(',')) {
    throw new ConfigError([
      'STORAGE_REDIS_URL: has several addresses; give one, or set STORAGE_REDIS_CLUSTER to true if they are of a cluster',
    ]);
  }
  return connectRedis(settings);
}
