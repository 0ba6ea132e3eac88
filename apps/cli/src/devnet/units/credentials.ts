import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFolder } from '../devnet-file.js';
import type { Devnet, DevnetNode } from '../devnet-file.js';

/** Files in a node's folder; each is readable by its owner alone. */
export const KEY_FILE = 'node.key';
export const NATS_PASSWORD_FILE = 'nats.password';
export const REDIS_PASSWORD_FILE = 'redis.password';

/** A node's user at Redis and at NATS. */
export function userOf({ id }: Pick<Devnet, 'id'>, { name }: Pick<DevnetNode, 'name'>): string {
  return `${id}-${name}`;
}

/** All keys of a node in Redis begin with this and a colon. */
export function redisPrefixOf(devnet: Pick<Devnet, 'id'>, node: Pick<DevnetNode, 'name'>): string {
  return userOf(devnet, node); // nothing else may stand in its key space, so the user's name will do
}

export function passwordOf(devnet: Devnet, node: DevnetNode, file: string): string {
  return readFileSync(join(nodeFolder(devnet, node), file), 'utf8').trim();
}

/**
 * The rule of a node's Redis user: its own keys and nothing that concerns the server or other users. The password
 * goes in as a hash.
 */
export function redisUserRule(devnet: Devnet, node: DevnetNode): string[] {
  const digest = createHash('sha256')
    .update(passwordOf(devnet, node, REDIS_PASSWORD_FILE))
    .digest('hex');
  const keys = `~${redisPrefixOf(devnet, node)}:*`;
  return [userOf(devnet, node), 'reset', 'on', `#${digest}`, keys, '+@all', '-@admin', '-@dangerous', '+info'];
}
