import type { Writable } from 'node:stream';
import { Cluster } from 'ioredis';
import type { RedisClient } from './redis-client.js';

const held = new WeakSet<Writable>();

/**
 * What this turn of the event loop sends to Redis leaves in one call of the system, and Redis reads it at once. The
 * driver has pipelines that do this by themselves; each command then costs two thirds more of our time than here. The
 * commands of a cluster go to connections that are not known before.
 */
export function joinWrites(client: RedisClient): void {
  if (client instanceof Cluster) return;
  const { stream } = client;
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- there is none before the first connection
  if (stream === undefined || held.has(stream)) return;
  held.add(stream);
  stream.cork();
  process.nextTick(() => {
    held.delete(stream);
    stream.uncork();
  });
}
