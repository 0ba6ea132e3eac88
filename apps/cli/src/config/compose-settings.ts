import { z } from 'zod';
import { hostSetting, numberSetting } from '#platform';
import { swarmManagerSchema } from '../../../swarm-manager/src/swarm-manager.config.js';

const MAX_PORT = 65_535;
const publicPort = (standard: number, description: string) => numberSetting(1, MAX_PORT, standard, description);
const password = (description: string) =>
  z.string().min(1).regex(/^\S+$/, 'must not have white space in it').describe(`${description}; any long random text`);
const memory = (standard: string, description: string) =>
  z
    .string()
    .regex(/^\d{1,9}(b|k|kb|m|mb|g|gb)?$/i, 'must be a number of bytes, or one with kb, mb or gb')
    .default(standard)
    .describe(description);

const { SWARM_MANAGER_NETWORK, SWARM_MANAGER_ADMINS, SWARM_MANAGER_ADMINS_REQUIRED, SWARM_MANAGER_LOG_LEVEL } =
  swarmManagerSchema.shape;

/** What docker-compose.yml reads from `.env`; a test compares the two. */
export const composeSchema = z.strictObject({
  NODE_NAME: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]*$/, 'must be lower-case letters, digits, dashes or underscores')
    .default('starling')
    .describe('name of this node on this machine; containers and volumes are named after it'),
  NODE_DIR: z
    .string()
    .min(1)
    .default('./node')
    .describe('directory with node.key (mode 0600, owned by user 1000) and network.json (the signed list)'),
  STARLING_VERSION: z.string().min(1).default('0.1.0').describe('tag of the image'),
  NETWORK: SWARM_MANAGER_NETWORK,
  ADMINS: SWARM_MANAGER_ADMINS,
  ADMINS_REQUIRED: SWARM_MANAGER_ADMINS_REQUIRED,
  HTTPS_BIND: hostSetting('0.0.0.0', 'address of this machine that the public port is published on'),
  HTTPS_PORT: publicPort(22_021, 'public port of this node; must be the one in the signed list'),
  PEER_BIND: hostSetting('0.0.0.0', 'address of this machine that the peer port is published on'),
  PEER_PORT: publicPort(22_020, 'peer port of this node; must be the one in the signed list'),
  SEED_BIND: hostSetting('127.0.0.1', 'address of this machine that the seed is published on'),
  SEED_PORT: publicPort(22_030, 'seed for clients: plain HTTP, for a web server with TLS in front'),
  NATS_PASSWORD: password('password at the NATS server'),
  REDIS_PASSWORD: password('password at the Redis server'),
  REDIS_MAXMEMORY: memory('4gb', 'memory for messages; a full node refuses stores and evicts nothing'),
  REDIS_MEMORY_LIMIT: memory('6g', 'memory limit of the Redis container, above REDIS_MAXMEMORY'),
  LOG_LEVEL: SWARM_MANAGER_LOG_LEVEL,
});
