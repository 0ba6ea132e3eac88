import { Redis } from 'ioredis';
import type { ServerRecipe } from './servers/server.js';
import { startServer } from './servers/start-server.js';

const CONNECT_TIMEOUT_MS = 2_000;
/** A test that waits longer for one command has found a fault. */
const COMMAND_TIMEOUT_MS = 10_000;
/** Logical databases of a Redis in its default configuration. */
const DATABASES = 16;

export interface RedisOptions {
  /** Lines of redis.conf besides ours, for instance `maxmemory 20mb` or `user node1 on >secret ~node1:* +@all`. */
  readonly config?: readonly string[];
}

export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** A connection for the test itself; the code under test makes its own from `url`. */
  readonly client: Redis;
  /** For good: ends the server and removes its data. */
  readonly stop: () => Promise<void>;
  /** Ends the server in order (if it runs) and starts it again: same address, same data. Returns when it answers. */
  readonly restart: () => Promise<void>;
  /** Ends the server as a power cut would and leaves it so; `restart` brings it back. */
  readonly kill: () => Promise<void>;
}

/** A real Redis for one test file: append-only file, fsync always, noeviction, like that of a node. */
export async function startRedis(options: RedisOptions = {}): Promise<TestRedis> {
  const given = process.env.STARLING_REDIS_URL;
  if (given) return emptyDatabaseOf(given);

  const { server, port, restart } = await startServer(redisRecipe(options), answersPing);
  const url = `redis://127.0.0.1:${port}`;
  const client = connect(url);
  return {
    url,
    port,
    client,
    stop: async () => {
      client.disconnect();
      await server.remove();
    },
    restart: async () => {
      await restart();
      await readyAgain(client);
    },
    kill: () => server.kill(),
  };
}

export function redisRecipe({ config = [] }: RedisOptions): ServerRecipe {
  return {
    binaries: ['redis-server', 'valkey-server'],
    image: 'redis:7-alpine',
    containerPort: 6_379,
    configFile: 'redis.conf',
    config: ({ port, host, dir }) =>
      [
        `port ${port}`,
        `bind ${host}`,
        'protected-mode no',
        `dir ${dir}`,
        'save ""',
        'appendonly yes',
        'appendfsync always',
        'maxmemory-policy noeviction',
        'slowlog-log-slower-than -1',
        ...config,
        '',
      ].join('\n'),
    args: (configPath) => [configPath],
  };
}

export async function answersPing(port: number): Promise<void> {
  const client = new Redis({
    port,
    host: '127.0.0.1',
    lazyConnect: true,
    retryStrategy: null,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: 100,
  });
  client.on('error', ignore); // the rejected connect() says the same
  try {
    await client.connect();
    await client.ping();
  } finally {
    client.disconnect();
  }
}

export function connect(url: string, db = 0): Redis {
  const client = new Redis(url, {
    db,
    commandTimeout: COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: null,
    retryStrategy: () => 50,
    disconnectTimeout: 100,
  });
  client.on('error', ignore); // a killed server is what some tests are about
  return client;
}

async function readyAgain(client: Redis): Promise<void> {
  if (client.status !== 'ready') await new Promise<void>((resolve) => client.once('ready', () => resolve()));
}

/** A given server may hold other data: an empty database of it is used, and emptied again. */
async function emptyDatabaseOf(given: string): Promise<TestRedis> {
  for (let db = DATABASES - 1; db > 0; db--) {
    const client = connect(given, db);
    if ((await client.dbsize()) > 0) {
      client.disconnect();
      continue;
    }
    const url = new URL(given);
    url.pathname = `/${db}`;
    const stop = async (): Promise<void> => {
      await client.flushdb();
      client.disconnect();
    };
    return { url: url.href, port: Number(url.port || 6_379), client, stop, restart: notOurs, kill: notOurs };
  }
  throw new Error('STARLING_REDIS_URL: all its databases from 1 to 15 hold data; tests need an empty one');
}

function notOurs(): Promise<never> {
  return Promise.reject(new Error('the server of STARLING_REDIS_URL is not ours to stop: unset it for this test'));
}

function ignore(): void {
  // nothing to do
}
