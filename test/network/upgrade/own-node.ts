import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeKey, noblePrimitives } from '#protocol';
import { freePorts, startNats, startNetwork, startRedis } from '#testing';
import type { TestNats, TestNetwork, TestNode, TestRedis } from '#testing';
import { readDevnet } from '../../../apps/cli/src/devnet/devnet-file.js';
import { Balancer } from './balancer.js';
import { OwnService } from './own-service.js';

const SEED = '5e'.repeat(32);
const NAME = 'upgraded';
/** Long enough for whoever is connected to be served on two busy cores. */
const DRAIN_MS = 30_000;

/**
 * A node of two relays behind one address, two storages and a swarm-manager, each a process that can be replaced, in a
 * network with two nodes of the usual kind. All three are in one swarm.
 */
export class OwnNode {
  private constructor(
    readonly network: TestNetwork,
    readonly node: TestNode,
    readonly services: readonly OwnService[],
    private readonly balancers: readonly Balancer[],
    private readonly servers: readonly (TestNats | TestRedis)[],
    private readonly folder: string,
  ) {}

  static async start(): Promise<OwnNode> {
    const folder = await mkdtemp(join(tmpdir(), 'starling-upgrade-'));
    const [listedHttps = 0, listedPeer = 0, ...ports] = await freePorts(2 + 4 + 5);
    const https = [ports[0] ?? 0, ports[1] ?? 0];
    const peer = [ports[2] ?? 0, ports[3] ?? 0];
    const [network, nats, redis] = await Promise.all([
      startNetwork({
        networkFile: {
          nodes: [
            { name: NAME, seed: SEED, run: false, https_port: listedHttps, peer_port: listedPeer },
            { name: 'other-1' },
            { name: 'other-2' },
          ],
        },
      }),
      startNats(),
      startRedis(),
    ]);
    const keyFile = join(folder, 'node.key');
    await writeFile(keyFile, SEED, { mode: 0o600 });
    const devnet = await readDevnet(network.dir);
    if (devnet === null) throw new Error('the network has no plan');
    const common = (prefix: string, adminPort: number): Record<string, string> => ({
      PATH: process.env.PATH ?? '',
      [`${prefix}KEY_FILE`]: keyFile,
      [`${prefix}NATS_URL`]: nats.url,
      [`${prefix}ADMIN_PORT`]: String(adminPort),
    });
    const [relayOne = 0, relayTwo = 0, storageOne = 0, storageTwo = 0, manager = 0] = ports.slice(4);
    const relay = async (index: number, adminPort: number): Promise<OwnService> => {
      const state = join(folder, `relay-${index}`);
      await mkdir(state);
      return new OwnService('relay', {
        ...common('RELAY_', adminPort),
        RELAY_STATE_DIR: state,
        RELAY_HTTPS_HOST: '127.0.0.1',
        RELAY_HTTPS_PORT: String(https[index]),
        RELAY_PEER_HOST: '127.0.0.1',
        RELAY_PEER_PORT: String(peer[index]),
        RELAY_DRAIN_MS: String(DRAIN_MS),
        RELAY_RPC_PER_SECOND: '0', // behind a balancer all clients are one source: docs/operators/relay.md
      });
    };
    const storage = (adminPort: number): OwnService =>
      new OwnService('storage', { ...common('STORAGE_', adminPort), STORAGE_REDIS_URL: redis.url });
    const services = [
      new OwnService('swarm-manager', {
        ...common('SWARM_MANAGER_', manager),
        SWARM_MANAGER_STATE_DIR: join(folder, 'swarm-manager'),
        SWARM_MANAGER_NETWORK: devnet.network,
        SWARM_MANAGER_LIST: join(network.dir, 'network.json'),
        SWARM_MANAGER_ADMINS: devnet.admin,
      }),
      storage(storageOne),
      storage(storageTwo),
      await relay(0, relayOne),
      await relay(1, relayTwo),
    ];
    const balancers = await Promise.all([Balancer.start(listedHttps, https), Balancer.start(listedPeer, peer)]);
    for (const service of services) service.start();
    const own = new OwnNode(network, network.node(NAME), services, balancers, [nats, redis], folder);
    try {
      await own.ready();
      return own;
    } catch (cause) {
      await own.remove();
      throw cause;
    }
  }

  async ready(): Promise<void> {
    await Promise.all(this.services.map((service) => service.ready()));
  }

  /** What its services wrote. */
  get said(): string {
    return this.services.map(({ said }) => said).join('');
  }

  async remove(): Promise<void> {
    await Promise.all(this.services.map((service) => service.remove()));
    await Promise.all([
      this.network.stop(),
      ...this.balancers.map((balancer) => balancer.stop()),
      ...this.servers.map((server) => server.stop()),
    ]);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Its key, for what others say of it. */
export const OWN_ID = NodeKey.fromSeed(Buffer.from(SEED, 'hex'), noblePrimitives).id;
