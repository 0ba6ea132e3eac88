import type { connectRedis } from '#platform';
import { ConfigurationProblem } from '../problems.js';
import type { Terminal } from '../terminal/terminal.js';
import { runningNodes } from './devnet-file.js';
import type { Devnet } from './devnet-file.js';
import { redisPrefixOf, redisUserRule, userOf } from './units/credentials.js';

/** A server that somebody named is running; it is not waited for like one that we started. */
const PATIENCE_MS = 3_000;
/** Keys that are removed in one step. */
const SCAN_STEP = 500;

/**
 * Throws ConfigurationProblem when a given NATS server cannot keep the nodes apart, and says what is wrong with it
 * before a node is started. The services of a node find each other by subjects that are the same in every node, so each
 * node needs an account of its own.
 */
export async function checkGivenNats(natsUrls: readonly string[], runningCount: number): Promise<void> {
  if (natsUrls.length >= runningCount) return checkNatsAnswers(natsUrls.slice(0, runningCount));
  throw new ConfigurationProblem(
    `STARLING_NATS_URL: ${runningCount} nodes need ${runningCount} URLs with commas between, each with the user and ` +
      `password of a NATS account of its own, and ${natsUrls.length} came; add the others, or unset it to have a server started.`,
  );
}

async function checkNatsAnswers(urls: readonly string[]): Promise<void> {
  const { connectNats } = await import('#platform');
  const settings = { name: 'starling-devnet', prefix: 'STARLING_', hasUserInUrl: true, patienceMs: PATIENCE_MS };
  for (const url of urls) await (await connectNats({ url, ...settings })).close();
}

/**
 * Makes a user for each node on a given Redis; where we may not do that, the nodes share the credentials of the URL and
 * are kept apart by their prefixes only. Gives back the devnet as it is now.
 */
export async function prepareGivenRedis(devnet: Devnet, terminal: Terminal): Promise<Devnet> {
  const url = givenRedisUrl(devnet);
  if (url === null) return devnet;
  const redis = await connect(url);
  try {
    for (const node of runningNodes(devnet)) await redis.call('ACL', 'SETUSER', ...redisUserRule(devnet, node));
    return { ...devnet, redis: { ...devnet.redis, ownUsers: true } };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    terminal.note(`The given Redis lets us make no users (${reason}): its nodes are kept apart by key prefixes only.`);
    return { ...devnet, redis: { ...devnet.redis, ownUsers: false } };
  } finally {
    redis.disconnect();
  }
}

/** Removes from a given Redis what the devnet put there: users always, data when it is not wanted again. */
export async function releaseGivenRedis(devnet: Devnet, data: 'keep' | 'remove'): Promise<void> {
  const url = givenRedisUrl(devnet);
  if (url === null) return;
  const redis = await connect(url).catch(() => null);
  if (!redis) return; // it is gone, and its users and data with it
  try {
    for (const node of runningNodes(devnet)) {
      if (devnet.redis.ownUsers) await redis.call('ACL', 'DELUSER', userOf(devnet, node));
      if (data === 'keep') continue;
      const scan = redis.scanStream({ match: `${redisPrefixOf(devnet, node)}:*`, count: SCAN_STEP });
      for await (const keys of scan as AsyncIterable<string[]>) if (keys.length > 0) await redis.unlink(...keys);
    }
  } finally {
    redis.disconnect();
  }
}

/** Loaded only here: a Redis is rarely given, and the platform takes a second to load. */
function connect(url: string): ReturnType<typeof connectRedis> {
  return import('#platform').then((platform) =>
    platform.connectRedis({
      url,
      name: 'starling-devnet',
      prefix: 'STARLING_',
      hasUserInUrl: true,
      patienceMs: PATIENCE_MS,
    }),
  );
}

function givenRedisUrl({ redis: { source } }: Devnet): string | null {
  return source.kind === 'given' ? (source.urls[0] ?? null) : null;
}
