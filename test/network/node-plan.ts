import { readFile, rm } from 'node:fs/promises';
import { Redis } from 'ioredis';
import type { TestNetwork } from '#testing';
import { readDevnet, runningNodes } from '../../apps/cli/src/devnet/devnet-file.js';
import { serviceSettings } from '../../apps/cli/src/devnet/units/service-environment.js';

/** A node of a network as its operator has it before them. */
export interface NodePlan {
  /** All of its settings, as a file would have them. */
  readonly env: Readonly<Record<string, string>>;
  readonly folders: readonly string[];
  /** With the rights of the node. */
  readonly redis: Redis;
}

/** `redis` is for the caller to disconnect. */
export async function planOf({ dir }: TestNetwork, name: string): Promise<NodePlan> {
  const devnet = await readDevnet(dir);
  const planned = devnet === null ? undefined : runningNodes(devnet).find((node) => node.name === name);
  if (devnet === null || planned === undefined) throw new Error(`the network has no plan for ${name}`);
  const env = serviceSettings(devnet, planned);
  const password = (await readFile(String(env.STORAGE_REDIS_PASSWORD_FILE), 'utf8')).trim();
  const redis = new Redis(String(env.STORAGE_REDIS_URL), { username: String(env.STORAGE_REDIS_USER), password });
  return { env, folders: [String(env.RELAY_STATE_DIR), String(env.SWARM_MANAGER_STATE_DIR)], redis };
}

/** As after the loss of its machine. */
export async function loseAll({ env, folders, redis }: NodePlan): Promise<void> {
  for (const path of [...folders, String(env.RELAY_KEY_FILE)]) await rm(path, { recursive: true });
  const scan = redis.scanStream({ match: `${String(env.STORAGE_REDIS_PREFIX)}:*` });
  for await (const keys of scan as AsyncIterable<string[]>) if (keys.length > 0) await redis.unlink(...keys);
}
