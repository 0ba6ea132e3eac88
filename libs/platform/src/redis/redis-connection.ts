import { Cluster, Redis, type ClusterOptions, type RedisOptions } from 'ioredis';
import { refusedSentence, silentSentence, START_PATIENCE_MS, type NeededServer } from '../lifecycle/needed-server.js';
import { plainAddress } from '../lifecycle/plain-address.js';
import { ServiceUnreachable } from '../lifecycle/start-problem.js';
import { distrustOf, distrustSentence, readAuthority } from '../tls/server-trust.js';
import { isOpenRedis } from './open-redis.js';
import { mastersOf, type RedisClient } from './redis-client.js';
import { isRedisDown, RedisUnavailable } from './redis-unavailable.js';

/** Of a Redis Cluster several addresses may be given, with commas between: any of its servers tells where the others are. */
export type RedisSettings = NeededServer;

const CONNECT_TIMEOUT_MS = 2_000;
/** A script takes microseconds; with fsync on a slow disk milliseconds. Beyond this Redis is as good as gone. */
const COMMAND_TIMEOUT_MS = 2_000;
const RECONNECT_WAIT_MS = 250;
const LOOK_AGAIN_MS = 20;
const DEFAULT_PORT = 6_379;

/** A key that moved is found with the second try; more only delay the answer of a cluster that is in trouble. */
const MAX_REDIRECTIONS = 4;

/**
 * Connects and stays connected: after a loss it tries again for ever. Commands fail at once while the connection is
 * down: nothing may wait in memory for a Redis that comes back. Throws ServiceUnreachable.
 */
export async function connectRedis(settings: RedisSettings): Promise<Redis> {
  const redis = new Redis(settings.url, { ...optionsFor(settings), lazyConnect: true });
  await untilReady(redis, settings);
  await refuseOpen(redis, settings);
  return redis;
}

/** The same for a Redis Cluster: commands for keys of a server that is gone fail at once, the others go on. */
export async function connectRedisCluster(settings: RedisSettings): Promise<Cluster> {
  const urls = settings.url.split(',').map((url) => new URL(url.trim()));
  const [first] = urls;
  const fromUrl: RedisOptions = {};
  if (first?.username) fromUrl.username = decodeURIComponent(first.username);
  if (first?.password) fromUrl.password = decodeURIComponent(first.password);
  const options: ClusterOptions = {
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: () => RECONNECT_WAIT_MS,
    maxRedirections: MAX_REDIRECTIONS,
    retryDelayOnFailover: 0, // 0: a command that met a closed connection or a broken cluster fails, and is not kept
    retryDelayOnClusterDown: 0,
    redisOptions: { ...fromUrl, ...optionsFor(settings) },
  };
  const nodes = urls.map(({ hostname, port }) => ({ host: hostname, port: Number(port || DEFAULT_PORT) }));
  const cluster = new Cluster(nodes, options);
  // By itself it connects with the first command, and fails those that come before the connection stands.
  cluster.on('+node', (server: Redis) => void server.ping().catch(() => undefined)); // whoever needs it hears of it
  await untilReady(cluster, settings);
  await Promise.allSettled(cluster.nodes('master').map((server) => server.ping()));
  await refuseOpen(cluster, settings);
  return cluster;
}

/** Throws ServiceUnreachable, and disconnects, when a server lets anybody in that must not. */
async function refuseOpen(client: RedisClient, settings: RedisSettings): Promise<void> {
  if (!settings.mustAskForPassword) return;
  try {
    const isOpen = await Promise.all(mastersOf(client).map(isOpenRedis));
    if (isOpen.includes(true)) throw new ServiceUnreachable(openSentence(settings));
  } catch (cause) {
    client.disconnect();
    if (cause instanceof RedisUnavailable) throw new ServiceUnreachable(awaySentence(settings, cause.cause));
    throw cause;
  }
}

async function untilReady(client: RedisClient, settings: RedisSettings): Promise<void> {
  const seen: { last: unknown; isRefused: boolean } = { last: undefined, isRefused: false };
  const note = (cause: unknown): void => {
    seen.last = cause;
    seen.isRefused ||= /WRONGPASS|NOAUTH|invalid password/i.test(messageOf(cause)); // more news of it may follow
  };
  client.on('error', note); // it reconnects; commands say when it matters
  client.on('node error', note); // only a cluster has it: one of its servers

  const giveUpAt = performance.now() + (settings.patienceMs ?? START_PATIENCE_MS);
  client.connect().catch(note); // retries go on
  while (client.status !== 'ready') {
    const distrust = distrustOf(seen.last);
    if (distrust !== null) {
      client.disconnect();
      throw new ServiceUnreachable(
        distrustSentence('Redis', plainAddresses(settings.url), distrust, settings.prefix ?? ''),
      );
    }
    if (seen.isRefused || performance.now() > giveUpAt) {
      client.disconnect();
      throw new ServiceUnreachable(
        seen.isRefused
          ? refusedSentence('Redis', plainAddresses(settings.url), settings)
          : awaySentence(settings, seen.last),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : '');

function optionsFor({ url, user, password, name, caFile, prefix = '' }: RedisSettings): RedisOptions {
  const options: RedisOptions = {
    connectionName: name,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false, // a write that was told to have failed must not happen later
    retryStrategy: () => RECONNECT_WAIT_MS,
  };
  if (url.trim().startsWith('rediss:')) {
    options.tls = caFile === undefined ? {} : { ca: readAuthority(caFile, `${prefix}REDIS_CA_FILE`) };
  }
  if (user !== undefined) options.username = user;
  if (password !== undefined) options.password = password;
  return options;
}

const plainAddresses = (urls: string): string => urls.split(',').map(plainAddress).join(', ');

function openSentence({ url }: RedisSettings): string {
  return `Redis at ${plainAddresses(url)} lets anybody in, without a password; set requirepass, or give it users and switch the default one off`;
}

function awaySentence(settings: RedisSettings, cause: unknown): string {
  const where = plainAddresses(settings.url);
  const isLoading = isRedisDown(cause) && messageOf(cause).startsWith('LOADING');
  if (isLoading) return `Redis at ${where} is still loading its data; start again when it is done`;
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : null;
  return silentSentence('Redis', where, code, settings);
}
