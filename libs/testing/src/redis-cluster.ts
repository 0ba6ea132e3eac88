import type { Redis } from 'ioredis';
import { answersPing, connect, redisRecipe } from './redis.js';
import { findBinary } from './servers/find-binary.js';
import { freePorts } from './servers/free-port.js';
import { startServer, type RunningServer } from './servers/start-server.js';
import { waitUntil } from './servers/wait-until.js';

const MASTERS = 3;
const SLOTS = 16_384;
/** Servers tell each other of the slots within a second or two. */
const JOIN_TIMEOUT_MS = 30_000;

export interface TestRedisCluster {
  /** Of all servers, with commas between. */
  readonly url: string;
  /** A connection to each server, for the test itself. */
  readonly clients: readonly Redis[];
  /** Ends one server as a power cut would; `restart` brings it back. */
  readonly kill: (server: number) => Promise<void>;
  readonly restart: (server: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The servers of a cluster must reach each other, so they are programs of this machine. */
export const canStartRedisCluster = (): boolean => findBinary(redisRecipe({}).binaries) !== null;

/** A real Redis Cluster of three masters without replicas, each with a third of the slots. `config`: more lines of redis.conf. */
export async function startRedisCluster({
  config = [],
}: { config?: readonly string[] } = {}): Promise<TestRedisCluster> {
  const busPorts = await freePorts(MASTERS); // by default it is the port and 10,000, which may be beyond the last one
  const servers = await Promise.all(
    busPorts.map((busPort) => startServer(recipe(busPort, config), answersPing, 'binaries')),
  );
  const clients = servers.map(({ port }) => connect(`redis://127.0.0.1:${port}`));
  await join(clients, servers, busPorts);
  return {
    url: servers.map(({ port }) => `redis://127.0.0.1:${port}`).join(','),
    clients,
    kill: async (server) => servers[server]?.server.kill(),
    restart: async (server) => {
      await servers[server]?.restart();
      await agreed(clients);
    },
    stop: async () => {
      for (const client of clients) client.disconnect();
      await Promise.all(servers.map(({ server }) => server.remove()));
    },
  };
}

const recipe = (busPort: number, config: readonly string[]): ReturnType<typeof redisRecipe> =>
  redisRecipe({
    config: [
      'cluster-enabled yes',
      `cluster-port ${busPort}`,
      'cluster-node-timeout 2000',
      'cluster-require-full-coverage no',
      ...config,
    ],
  });

async function join(
  clients: readonly Redis[],
  servers: readonly RunningServer[],
  busPorts: readonly number[],
): Promise<void> {
  for (const [index, client] of clients.entries()) {
    const [from, to] = [index, index + 1].map((third) => Math.floor((third * SLOTS) / MASTERS));
    await client.call('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
    await client.call('CLUSTER', 'ADDSLOTSRANGE', String(from), String((to ?? SLOTS) - 1));
  }
  for (const [index, { port }] of servers.entries()) {
    await clients[0]?.call('CLUSTER', 'MEET', '127.0.0.1', String(port), String(busPorts[index]));
  }
  await agreed(clients);
}

/** Each server knows all slots. */
async function agreed(clients: readonly Redis[]): Promise<void> {
  await waitUntil('the cluster', JOIN_TIMEOUT_MS, async () => {
    for (const client of clients) {
      const info = String(await client.call('CLUSTER', 'INFO'));
      const isWhole = /cluster_state:ok/.test(info) && new RegExp(`cluster_slots_ok:${SLOTS}`).test(info);
      if (!isWhole) throw new Error('a server does not know all slots');
    }
  });
}
