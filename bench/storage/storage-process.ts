import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import {
  decodeCommandAnswers,
  decodeRpcAnswer,
  encodeCommandCall,
  encodeRpcCall,
  encodeSnapshot,
  SUBJECTS,
  type RpcAnswer,
} from '#contracts';
import { nativePrimitives } from '#platform';
import { NodeKey } from '#protocol';
import { freePort, startNats, startRedis, waitUntil, type TestNats, type TestRedis } from '#testing';
import { NatsBus } from '../../libs/platform/src/bus/nats-bus.js';
import { ALLOCATOR } from '../allocator.js';
import { cpuTimeUs } from '../cpu-time.js';
import { StderrLog } from '../stderr-log.js';
import { Workplace } from '../workplace.js';

const START_TIMEOUT_MS = 20_000;
/** As the relay grants. */
const BUDGET_MS = 9_000;
const SOME_MEMBER = 'ab'.repeat(32);

/** One storage service as the only member of its swarm, with a Redis and a NATS of its own. The bench is its relay. */
export class StorageProcess {
  readonly #place = new Workplace();
  readonly #bus: NatsBus;

  private constructor(
    readonly redis: TestRedis,
    private readonly nats: TestNats,
    private readonly connection: NatsConnection,
  ) {
    this.#bus = new NatsBus(connection, new StderrLog());
  }

  static async start(): Promise<StorageProcess> {
    // A file that is written anew in the background would count as cost of whatever runs at that time.
    const [redis, nats] = await Promise.all([startRedis({ config: ['auto-aof-rewrite-percentage 0'] }), startNats()]);
    const world = new StorageProcess(redis, nats, await connect({ servers: nats.url, noAsyncTraces: true }));
    try {
      await world.#startStorage();
      return world;
    } catch (cause) {
      await world.stop();
      throw cause;
    }
  }

  get pid(): number {
    return this.#place.pids[0] ?? 0;
  }

  /** A program that serves a subject of the same NATS; resolves when it has printed a line. */
  async startBeside(file: string): Promise<number> {
    const { child } = await this.#place.startTelling(file, { args: [this.nats.url, this.redis.url] });
    return child.pid ?? 0;
  }

  /** A client's request as the relay hands it on; must be answered with 200. */
  async ask(envelope: Uint8Array, subject: string = SUBJECTS.storageRpc): Promise<RpcAnswer> {
    const frame = encodeRpcCall({ source: 'client', budgetMs: BUDGET_MS, method: null, body: envelope });
    const answer = decodeRpcAnswer(await this.#bus.request(subject, frame, { timeoutMs: BUDGET_MS }));
    if (answer.status === 200) return answer;
    throw new Error(`status ${answer.status}: ${Buffer.from(answer.body).toString().slice(0, 200)}`);
  }

  /** What another member passes on, as the relay hands it over; each must be answered with 200. */
  async passOn(method: string, all: readonly Uint8Array[]): Promise<void> {
    const commands = all.map((params) => ({ method, params, budgetMs: BUDGET_MS }));
    const frame = encodeCommandCall({ from: SOME_MEMBER, commands });
    const answers = decodeCommandAnswers(
      await this.#bus.request(SUBJECTS.storageCommands, frame, { timeoutMs: BUDGET_MS }),
    );
    const failed = answers.find((answer) => answer?.status !== 200);
    if (failed !== undefined) throw new Error(`status ${failed?.status ?? 'none'} of a command`);
  }

  /** CPU that Redis has used so far, in microseconds. */
  async redisCpuUs(): Promise<number> {
    const info = await this.redis.client.info('cpu');
    const seconds = (name: string): number => Number(new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1]);
    return (seconds('used_cpu_sys') + seconds('used_cpu_user')) * 1e6;
  }

  /** CPU of a process and Redis together while `work` runs. */
  async cpuUsOf(pid: number, work: () => Promise<unknown>): Promise<number> {
    const before = cpuTimeUs(pid) + (await this.redisCpuUs());
    await work();
    return cpuTimeUs(pid) + (await this.redisCpuUs()) - before;
  }

  async stop(): Promise<void> {
    this.#place.close();
    await this.connection.close();
    await Promise.all([this.redis.stop(), this.nats.stop()]);
  }

  async #startStorage(): Promise<void> {
    const key = NodeKey.fromSeed(randomBytes(32), nativePrimitives());
    const keyFile = join(this.#place.folder, 'node.key');
    writeFileSync(keyFile, Buffer.from(key.seed).toString('hex'), { mode: 0o600 });
    const snapshot = encodeSnapshot({
      height: 1,
      blockHash: '0'.repeat(64),
      hardfork: [19, 4],
      nodes: [
        {
          ed25519: key.id,
          x25519: Buffer.from(key.x25519.publicKey).toString('hex'),
          ip: '127.0.0.1',
          httpsPort: 1,
          peerPort: 1,
          state: 'active',
          swarmId: 0n,
          version: [2, 8, 0],
        },
      ],
    });
    this.connection.subscribe(SUBJECTS.membershipCurrent, {
      callback: (_problem, message) => void message.respond(snapshot),
    });
    const adminPort = await freePort();
    this.#place.start('apps/storage/src/main.js', {
      flags: nodeFlags(),
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        ...ALLOCATOR,
        STORAGE_KEY_FILE: keyFile,
        STORAGE_NATS_URL: this.nats.url,
        STORAGE_REDIS_URL: this.redis.url,
        STORAGE_REDIS_PREFIX: 'bench',
        STORAGE_ADMIN_PORT: String(adminPort),
        STORAGE_LOG_LEVEL: 'warn',
      },
    });
    await waitUntil('the storage service', START_TIMEOUT_MS, async () => {
      const answer = await fetch(`http://127.0.0.1:${adminPort}/health/ready`);
      if (answer.status !== 200) throw new Error(await answer.text());
    });
  }
}

/** As docker-compose.yml starts it; more, such as `--cpu-prof`, from STARLING_BENCH_NODE_FLAGS. */
const nodeFlags = (): string[] => [
  '--max-semi-space-size=4',
  ...(process.env.STARLING_BENCH_NODE_FLAGS?.split(' ').filter(Boolean) ?? []),
];
