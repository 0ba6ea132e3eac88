import { Cluster, type Redis } from 'ioredis';

/** One Redis server or a Redis Cluster; commands are the same. */
export type RedisClient = Redis | Cluster;

/** Every server that keys may be on: for what is asked of servers, not of keys. */
export const mastersOf = (client: RedisClient): readonly Redis[] =>
  client instanceof Cluster ? client.nodes('master') : [client];
