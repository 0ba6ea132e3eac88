import { Redis, type RedisOptions } from 'ioredis';
import { plainAddress } from '../lifecycle/plain-address.js';
import { ServiceUnreachable } from '../lifecycle/start-problem.js';
import { isRedisDown } from './redis-unavailable.js';

export interface RedisSettings {
  readonly url: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Shown in the server's list of clients. */
  readonly name: string;
  /** Of the settings, for sentences about problems: `STORAGE_`. */
  readonly prefix?: string;
  /** A Redis that starts together with us, or loads a large file, has this long. */
  readonly patienceMs?: number;
}

const CONNECT_TIMEOUT_MS = 2_000;
/** A script takes microseconds; with fsync on a slow disk milliseconds. Beyond this Redis is as good as gone. */
const COMMAND_TIMEOUT_MS = 2_000;
const START_PATIENCE_MS = 15_000;
const RECONNECT_WAIT_MS = 250;
const LOOK_AGAIN_MS = 20;

/**
 * Connects and stays connected: after a loss it tries again for ever. Commands fail at once while the connection is
 * down: nothing may wait in memory for a Redis that comes back. Throws ServiceUnreachable.
 */
export async function connectRedis(settings: RedisSettings): Promise<Redis> {
  const redis = new Redis(settings.url, optionsFor(settings));
  const seen: { last: unknown; isRefused: boolean } = { last: undefined, isRefused: false };
  const note = (cause: unknown): void => {
    seen.last = cause;
    seen.isRefused ||= /WRONGPASS|NOAUTH|invalid password/i.test(messageOf(cause)); // more news of it may follow
  };
  redis.on('error', note); // it reconnects; commands say when it matters

  const giveUpAt = performance.now() + (settings.patienceMs ?? START_PATIENCE_MS);
  redis.connect().catch(note); // retries go on
  while (redis.status !== 'ready') {
    if (seen.isRefused || performance.now() > giveUpAt) {
      redis.disconnect();
      throw new ServiceUnreachable(seen.isRefused ? refusedSentence(settings) : silentSentence(settings, seen.last));
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  return redis;
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : '');

function optionsFor({ user, password, name }: RedisSettings): RedisOptions {
  const options: RedisOptions = {
    lazyConnect: true,
    connectionName: name,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false, // a write that was told to have failed must not happen later
    retryStrategy: () => RECONNECT_WAIT_MS,
    enableAutoPipelining: true,
  };
  if (user !== undefined) options.username = user;
  if (password !== undefined) options.password = password;
  return options;
}

const refusedSentence = ({ url, prefix = '' }: RedisSettings): string =>
  `Redis at ${plainAddress(url)} refuses the user or password; check ${prefix}REDIS_USER and ${prefix}REDIS_PASSWORD`;

function silentSentence({ url, prefix = '' }: RedisSettings, cause: unknown): string {
  const isLoading = isRedisDown(cause) && messageOf(cause).startsWith('LOADING');
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : '';
  return isLoading
    ? `Redis at ${plainAddress(url)} is still loading its data; start again when it is done`
    : `Redis at ${plainAddress(url)} does not answer${code}; start it, or correct ${prefix}REDIS_URL`;
}
