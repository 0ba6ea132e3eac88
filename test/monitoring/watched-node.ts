import { startNetwork, startRedis, type TestNetwork, type TestRedis } from '#testing';
import { DoorProcess } from '../integration/door/door-process.js';
import { firstOf } from '../network/rpc.js';
import { jobsOf } from './jobs.js';
import { Traffic } from './traffic.js';

const SCRAPE_TIMEOUT_MS = 10_000;
/** A limit for Redis, or there is no share of it. */
const REDIS_LIMIT = '256mb';

/** A node that exports all that a node of a devnet can: with another one, since alone it has nobody to reach. */
export class WatchedNode {
  private constructor(
    private readonly redis: TestRedis,
    private readonly network: TestNetwork,
    private readonly door: DoorProcess,
    readonly traffic: Traffic,
  ) {}

  /** Clients have asked something of each kind when this returns. */
  static async start(): Promise<WatchedNode> {
    const redis = await startRedis({ config: [`maxmemory ${REDIS_LIMIT}`] });
    let network: TestNetwork | undefined;
    let door: DoorProcess | undefined;
    try {
      const env = { STARLING_REDIS_URL: redis.url };
      network = await startNetwork({ nodes: 2, separate: true, env });
      const [here, there] = network.nodes;
      const traffic = await Traffic.at(firstOf([here]), firstOf([there]));
      await traffic.ordinary();
      door = await DoorProcess.start({ DOOR_RELAYS: '127.0.0.1' });
      await door.ready();
      return new WatchedNode(redis, network, door, traffic);
    } catch (cause) {
      await door?.remove();
      await network?.stop();
      await redis.stop();
      throw cause;
    }
  }

  async stop(): Promise<void> {
    await this.traffic.stop();
    await this.door.remove();
    await this.network.stop();
    await this.redis.stop();
  }

  get jobs(): ReturnType<typeof jobsOf> {
    return jobsOf(firstOf(this.network.nodes));
  }

  /** What a door exports; nodes of a devnet have none, so that this one stands before nobody. */
  scrapeDoor(): Promise<string> {
    return this.door.metrics();
  }

  /** What each service answers, by the name of its job. */
  async scrapes(): Promise<Readonly<Record<string, string>>> {
    const texts = Object.entries(this.jobs).map(async ([job, urls]) => [job, await scrape(firstOf(urls))] as const);
    return Object.fromEntries(await Promise.all(texts));
  }
}

async function scrape(url: string): Promise<string> {
  const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(SCRAPE_TIMEOUT_MS) });
  return answer.text();
}
