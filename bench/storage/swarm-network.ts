import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'undici';
import { AccountId, NetworkView, type NodeRecord } from '#protocol';
import { startNetwork, type TestNetwork, type TestNode } from '#testing';
import { cpuTimeUs } from '../cpu-time.js';
import { anOwner, type Owner } from './requests.js';

/** So far apart that half of all accounts belong to each. */
const FIVE = '2000000000000000';
const ONE = 'a000000000000000';
const MEMBERS = 5;
const BLOCK_HASH = '0'.repeat(64);

export type SwarmSize = 'five' | 'one';

/** A devnet with one swarm of five nodes and one of a single node, and who belongs to which. */
export class SwarmNetwork {
  readonly #view: NetworkView;
  readonly #pools = new Map<string, Pool>();

  private constructor(private readonly network: TestNetwork) {
    const nodes = network.nodes.map(recordOf);
    this.#view = new NetworkView({ height: 1, blockHash: BLOCK_HASH, hardfork: [19, 4], nodes });
  }

  static async start(): Promise<SwarmNetwork> {
    const five = Array.from({ length: MEMBERS }, (_, index) => ({ name: `five-${index + 1}`, swarm: FIVE }));
    const network = await startNetwork({ networkFile: { nodes: [...five, { name: 'one', swarm: ONE }] } });
    return new SwarmNetwork(network);
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

  /** A client's request straight to a node; must be answered with 200. */
  async ask(node: TestNode, envelope: Uint8Array): Promise<string> {
    const answer = await this.#poolOf(node).request({ method: 'POST', path: '/storage_rpc/v1', body: envelope });
    const text = await answer.body.text();
    if (answer.statusCode === 200) return text;
    throw new Error(`status ${answer.statusCode}: ${text.slice(0, 200)}`);
  }

  /** CPU that the nodes, Redis and NATS have used so far, in microseconds. */
  cpuUs(nodes: readonly TestNode[]): number {
    const pids = new Set([...nodes.flatMap(({ pids: each }) => Object.values(each)), ...this.#serverPids()]);
    return [...pids].reduce<number>((sum, pid) => sum + (pid === null ? 0 : cpuTimeUs(pid)), 0);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
    await this.network.stop();
  }

  #serverPids(): number[] {
    return ['redis', 'nats'].flatMap((server) => {
      const records = readFileSync(join(this.network.dir, server, 'processes.json'), 'utf8');
      return (JSON.parse(records) as { readonly pid: number }[]).map(({ pid }) => pid);
    });
  }

  #poolOf({ url }: TestNode): Pool {
    const known = this.#pools.get(url);
    if (known !== undefined) return known;
    const pool = new Pool(url, { connections: 16, connect: { rejectUnauthorized: false }, pipelining: 1 });
    this.#pools.set(url, pool);
    return pool;
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
