import { z } from 'zod';
import { hostSetting, numberSetting } from '#platform';
import { SERVICES } from './services.js';
import { swarmManagerSchema } from '../../../swarm-manager/src/swarm-manager.config.js';

const MAX_PORT = 65_535;
const publicPort = (standard: number, description: string) => numberSetting(1, MAX_PORT, standard, description);
/** NATS takes what begins with a dollar sign for a hash, and Compose for the name of a variable. */
const password = (description: string) =>
  z
    .string()
    .regex(/^[^\s$]+$/, 'must have no white space and no dollar sign in it')
    .optional()
    .describe(`${description}; one is made when none is given`);
const memory = (standard: string, description: string) =>
  z
    .string()
    .regex(/^\d{1,9}(b|k|kb|m|mb|g|gb)?$/i, 'must be a number of bytes, or one with kb, mb or gb')
    .default(standard)
    .describe(description);

const { SWARM_MANAGER_NETWORK, SWARM_MANAGER_ADMINS, SWARM_MANAGER_ADMINS_REQUIRED, SWARM_MANAGER_LOG_LEVEL } =
  swarmManagerSchema.shape;

/** Names of docker-compose.yml's own, from which it makes settings of the services. */
const own = {
  NODE_NAME: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]*$/, 'must be lower-case letters, digits, dashes or underscores')
    .default('starling')
    .describe('name of this node on this machine; containers and volumes are named after it'),
  NODE_DIR: z
    .string()
    .min(1)
    .default('node')
    .describe(
      'directory with node.key (mode 0600, owned by user 1000) and network.json (the signed list), beginning with / or ./; without one they are kept in the volume "node"',
    ),
  STARLING_VERSION: z.string().min(1).default('0.1.0').describe('tag of the image'),
  NODE_IMAGE: z
    .string()
    .min(1)
    .default('node:20-bookworm-slim')
    .describe('image with Node that ours is built from; with a digest it is one particular image for good'),
  NETWORK: SWARM_MANAGER_NETWORK.optional().describe(
    'name of your network, as in its signed list; without one the node is a network of its own',
  ),
  ADMINS: SWARM_MANAGER_ADMINS.optional().describe('public keys of the administrators who sign the list'),
  ADMINS_REQUIRED: SWARM_MANAGER_ADMINS_REQUIRED,
  PUBLIC_IP: z
    .ipv4()
    .default('127.0.0.1')
    .describe('address of this node in a network of its own; otherwise the signed list has it'),
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
  RELAY_MEMORY_LIMIT: memory(
    '1g',
    'memory limit of each relay, on which its connections depend; as much for each of RELAY_WORKERS',
  ),
  DOOR_MEMORY_LIMIT: memory('512m', 'memory limit of the door'),
  STORAGE_MEMORY_LIMIT: memory('512m', 'memory limit of each storage'),
  LOG_LEVEL: SWARM_MANAGER_LOG_LEVEL,
  PROMETHEUS_PORT: publicPort(9_090, 'port of Prometheus on 127.0.0.1, with --profile monitoring'),
  GRAFANA_PORT: publicPort(3_000, 'port of Grafana on 127.0.0.1, with --profile grafana'),
  GRAFANA_IMAGE: z.string().min(1).default('grafana/grafana:11.6.0').describe('image of Grafana'),
};

/** What the composition decides itself, for all services and for some: addresses inside it, files, credentials. */
const DECIDED =
  /^[A-Z_]+_(KEY_FILE|STATE_DIR|NATS_\w+|ADMIN_HOST|ADMIN_PORT|LOG_LEVEL|OPEN_SERVERS|HTTPS_HOST|HTTPS_PORT|PEER_HOST|PEER_PORT|TLS_\w+|REDIS_\w+|NETWORK|LIST|ADMINS|ADMINS_REQUIRED|SEED_HOST|SEED_PORT|BEHIND_DOOR|RELAYS)$/;

/** Settings of the services that docker-compose.yml hands on to them as they are. */
const handedOn = Object.fromEntries(
  SERVICES.flatMap(({ schema }) => Object.entries(schema.shape)).filter(([name]) => !DECIDED.test(name)),
);

/** What docker-compose.yml reads from `.env`; a test compares the two. */
export const composeSchema = z.strictObject({ ...own, ...handedOn });

/** True for a name that only a composition reads. */
export const isOfComposition = (name: string): boolean => Object.hasOwn(own, name);
