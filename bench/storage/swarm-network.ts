import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'undici';
import { AccountId, NetworkView, type NodeRecord } from '#protocol';
import { startNetwork, type TestNetwork, type TestNode } from '#testing';
import { cpuTimeUs } from '../cpu-time.js';
import { anOwner, type Owner } from './requests.js';

/** So far apart that half of all accounts belong to each. */
const FIVE = '2000000000000000';
const ONE = 'a000000000000000';
const MEMBERS = 5;
const BLOCK_HASH = '0'.repeat(64);

/** A source may ask 300 times a second, so the requests come from more of them than a member can serve at that rate. */
const SOURCES = 32;

/** As nodes run for users; more, such as `--cpu-prof`, from STARLING_BENCH_NODE_FLAGS. */
const nodeFlags = (): string => `--max-semi-space-size=4 ${process.env.STARLING_BENCH_NODE_FLAGS ?? ''}`;

export type SwarmSize = 'five' | 'one';

/** How to get into Redis and NATS. */
export interface ServerAccess {
  readonly natsUrl: string;
  readonly redisUrl: string;
  readonly prefix: string;
}

/** A devnet with one swarm of five nodes and one of a single node, and who belongs to which. */
export class SwarmNetwork {
  readonly #view: NetworkView;
  readonly #clients = new Map<string, readonly Client[]>();
  #turn = 0;

  private constructor(private readonly network: TestNetwork) {
    const nodes = network.nodes.map(recordOf);
    this.#view = new NetworkView({ height: 1, blockHash: BLOCK_HASH, hardfork: [19, 4], nodes });
  }

  /** `separate`: a process for each service of a node, as in containers. */
  static async start({ separate = false } = {}): Promise<SwarmNetwork> {
    const five = Array.from({ length: MEMBERS }, (_, index) => ({ name: `five-${index + 1}`, swarm: FIVE }));
    const nodes = [...five, { name: 'one', swarm: ONE }];
    const env = { STARLING_DEVNET_NODE_FLAGS: nodeFlags() };
    const network = await startNetwork({ networkFile: { nodes }, separate, env });
    return new SwarmNetwork(network);
  }

  /** The servers that all nodes share, with the user of one of them, whose keys begin with `prefix`. */
  accessOf({ name }: TestNode): ServerAccess {
    const { dir, natsUrl, redisUrl } = this.network;
    const { id } = JSON.parse(readFileSync(join(dir, 'devnet.json'), 'utf8')) as { readonly id: string };
    const user = `${id}-${name}`;
    const withUser = (server: string, passwordFile: string): string => {
      const url = new URL(server);
      url.username = user;
      url.password = readFileSync(join(dir, 'nodes', name, passwordFile), 'utf8').trim();
      return url.href;
    };
    return {
      natsUrl: withUser(natsUrl, 'nats.password'),
      redisUrl: withUser(redisUrl, 'redis.password'),
      prefix: `${user}:`,
    };
  }

  members(size: SwarmSize): readonly TestNode[] {
    return this.network.nodes.filter(({ swarmId }) => swarmId === (size === 'five' ? FIVE : ONE));
  }

  /** Somebody new whose messages belong to that swarm. */
  ownerIn(size: SwarmSize): Owner {
    const id = BigInt(`0x${size === 'five' ? FIVE : ONE}`);
    for (;;) {
      const owner = anOwner();
      if (this.#view.swarmFor(AccountId.parse(owner.account))?.id === id) return owner;
    }
  }

  /** A client's request straight to a node, or to whatever else is there; must be answered with 200. */
  async ask(node: Pick<TestNode, 'url'>, envelope: Uint8Array): Promise<string> {
    const answer = await this.#clientOf(node).request({ method: 'POST', path: '/storage_rpc/v1', body: envelope });
    const text = await answer.body.text();
    if (answer.statusCode === 200) return text;
    throw new Error(`status ${answer.statusCode}: ${text.slice(0, 200)}`);
  }

  /** CPU that the nodes, Redis and NATS have used so far, in microseconds. */
  cpuUs(nodes: readonly TestNode[]): number {
    const pids = new Set(nodes.flatMap(({ pids: each }) => Object.values(each)));
    const ofNodes = [...pids].reduce<number>((sum, pid) => sum + (pid === null ? 0 : cpuTimeUs(pid)), 0);
    return ofNodes + this.serverCpuUs('redis') + this.serverCpuUs('nats');
  }

  /** CPU that a server which all nodes share has used so far, in microseconds. */
  serverCpuUs(server: 'redis' | 'nats'): number {
    const records = readFileSync(join(this.network.dir, server, 'processes.json'), 'utf8');
    return (JSON.parse(records) as { readonly pid: number }[]).reduce((sum, { pid }) => sum + cpuTimeUs(pid), 0);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#clients.values()].flat().map((client) => client.close()));
    await this.network.stop();
  }

  /** One kept-alive connection from each source, in turns. */
  #clientOf({ url }: Pick<TestNode, 'url'>): Client {
    let clients = this.#clients.get(url);
    if (clients === undefined) {
      clients = Array.from({ length: SOURCES }, (_, source) => {
        return new Client(url, { connect: { rejectUnauthorized: false }, localAddress: `127.0.6.${source + 1}` });
      });
      this.#clients.set(url, clients);
    }
    const client = clients[this.#turn++ % SOURCES];
    if (client === undefined) throw new Error('no connection');
    return client;
  }
}

const recordOf = ({ ed25519, x25519, swarmId, info }: TestNode): NodeRecord => ({
  ed25519,
  x25519,
  ip: info.ip,
  httpsPort: info.https_port,
  peerPort: info.peer_port,
  state: 'active',
  swarmId: BigInt(`0x${swarmId}`),
  version: [2, 8, 0],
});
