import { Redis, type RedisOptions } from 'ioredis';
import { plainAddress } from '../lifecycle/plain-address.js';
import { ServiceUnreachable } from '../lifecycle/start-problem.js';

export interface RedisSettings {
  readonly url: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly name: string;
}

/** Redis cannot be asked now: down, loading, or too slow. */
export class RedisUnavailable extends Error {
  constructor(cause: unknown) {
    super('Redis does not answer', { cause });
    this.name = 'RedisUnavailable';
  }
}

const CONNECT_TIMEOUT_MS = 2_000;
/** A script takes microseconds; with fsync on a slow disk milliseconds. Beyond this Redis is as good as gone. */
const COMMAND_TIMEOUT_MS = 2_000;
/** A Redis that starts together with us, or loads a large file, has this long. */
const START_PATIENCE_MS = 15_000;
const RECONNECT_WAIT_MS = 250;

/**
 * Connects and stays connected. Commands fail at once while the connection is down: nothing may wait in memory for a
 * Redis that comes back. Throws ServiceUnreachable.
 */
export async function connectRedis(settings: RedisSettings): Promise<Redis> {
  const options: RedisOptions = {
    lazyConnect: true,
    connectionName: settings.name,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => RECONNECT_WAIT_MS,
    enableAutoPipelining: true,
  };
  if (settings.user !== undefined) options.username = settings.user;
  if (settings.password !== undefined) options.password = settings.password;
  const redis = new Redis(settings.url, options);
  let lastProblem = '';
  redis.on('error', (cause: Error) => (lastProblem = cause.message)); // it reconnects; commands say when it matters

  const giveUpAt = performance.now() + START_PATIENCE_MS;
  redis.connect().catch(() => undefined); // failures arrive as events, retries go on
  while (redis.status !== 'ready') {
    const isRefused = /WRONGPASS|NOAUTH|NOPERM/.test(lastProblem);
    if (isRefused || performance.now() > giveUpAt) {
      redis.disconnect();
      throw new ServiceUnreachable(
        isRefused
          ? `Redis at ${plainAddress(settings.url)} refuses the user or password; check the REDIS_USER and REDIS_PASSWORD settings`
          : `Redis at ${plainAddress(settings.url)} does not answer; start it, or correct the REDIS_URL setting`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return redis;
}

/** Tells a Redis that cannot be asked from one that answered with an error of its own. */
export function asRedisProblem(cause: unknown): unknown {
  if (!(cause instanceof Error) || cause.name !== 'ReplyError') return new RedisUnavailable(cause);
  return /^(LOADING|MASTERDOWN|CLUSTERDOWN|READONLY|BUSY|TRYAGAIN)\b/.test(cause.message)
    ? new RedisUnavailable(cause)
    : cause;
}
