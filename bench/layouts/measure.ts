import { createHash, randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { startRedis } from '#testing';
import type { Layout } from './layout.js';

/** Commands sent together: what a busy service has in flight. */
const PIPELINE = 100;
const MESSAGES_PER_ACCOUNT = 10;
/** Of each operation whose cost is measured. */
const OPERATIONS = 5_000;
const LARGE_ACCOUNT = 300;
const PAGE = 100;
const LIFE_MS = 86_400_000;

/** What one layout costs. */
export interface LayoutCost {
  /** Redis memory a message, less its payload. */
  readonly overheadBytes: number;
  /** Redis CPU in microseconds, network included, commands sent 100 at a time. */
  readonly us: Readonly<Record<string, number>>;
}

/** What is measured: payload sizes that take turns, and how many messages. */
export interface Workload {
  readonly sizes: readonly number[];
  readonly messages: number;
  readonly operations: boolean;
}

interface Call {
  readonly base: string;
  readonly args: readonly (string | number | Buffer)[];
}

const hashOf = (name: string): Buffer => createHash('sha256').update(name).digest();
/** As long as a real name: the service's prefix and an account in base64url between braces. */
const baseOf = (account: string): string => `starling:{${hashOf(account).toString('base64url')}A}`;

/** Fills a Redis of its own with a layout and measures memory and CPU. */
export async function measureLayout(layout: Layout, { sizes, messages, operations }: Workload): Promise<LayoutCost> {
  const server = await startRedis({ config: ['appendonly no', ...(layout.config ?? [])] });
  try {
    const probe = new Probe(server.client, layout);
    const now = Date.now();
    const sizeOf = (index: number): number => sizes[index % sizes.length] ?? 0;
    const data = randomBytes(Math.max(...sizes));
    const inserts = function* (): Generator<Call> {
      for (let index = 0; index < messages; index += 1) {
        const name = `${index}`;
        const base = baseOf(`${Math.floor(index / MESSAGES_PER_ACCOUNT)}`);
        yield { base, args: [hashOf(name), now + LIFE_MS, now, ...layout.packed(data.subarray(0, sizeOf(index)))] };
      }
    };
    const before = await usedMemory(server.client);
    const insertUs = await probe.run(layout.insert, inserts());
    const payload = Array.from({ length: messages }, (_unused, index) => sizeOf(index)).reduce(
      (sum, size) => sum + size,
    );
    const overheadBytes = ((await usedMemory(server.client)) - before - payload) / messages;
    if (!operations) return { overheadBytes, us: { insert: insertUs } };
    return { overheadBytes, us: { insert: insertUs, ...(await probe.operations(now, data.subarray(0, sizeOf(0)))) } };
  } finally {
    await server.stop();
  }
}

async function usedMemory(redis: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
}

class Probe {
  constructor(
    private readonly redis: Redis,
    private readonly layout: Layout,
  ) {}

  /** Microseconds of CPU of the Redis process for each call. */
  async run(source: string, calls: Iterable<Call>): Promise<number> {
    const sha = (await this.redis.script('LOAD', source)) as string;
    const startUs = await this.#cpuUs();
    let [count, pipeline] = [0, this.redis.pipeline()];
    const flush = async (): Promise<void> => {
      for (const [problem] of (await pipeline.exec()) ?? []) if (problem !== null) throw problem;
      pipeline = this.redis.pipeline();
    };
    for (const { base, args } of calls) {
      const keys = this.layout.keys(base);
      pipeline.evalsha(sha, keys.length, ...keys, ...args);
      count += 1;
      if (count % PIPELINE === 0) await flush();
    }
    await flush();
    return ((await this.#cpuUs()) - startUs) / count;
  }

  async operations(now: number, data: Buffer): Promise<Record<string, number>> {
    const { layout } = this;
    const packed = layout.packed(data);
    const each = function* (args: (index: number) => Call['args'], step = 1): Generator<Call> {
      for (let index = 0; index < OPERATIONS * step; index += step) {
        yield { base: baseOf(`${Math.floor(index / MESSAGES_PER_ACCOUNT)}`), args: args(index) };
      }
    };
    const large = function* (count: number, args: (index: number) => Call['args']): Generator<Call> {
      for (let index = 0; index < count; index += 1) yield { base: baseOf(`large ${index % 10}`), args: args(index) };
    };
    const duplicate = await this.run(
      layout.insert,
      each((index) => [hashOf(`${index}`), now + LIFE_MS, now, ...packed]),
    );
    const get10 = await this.run(
      layout.page,
      each(() => ['', now, PAGE], MESSAGES_PER_ACCOUNT),
    );
    const nothingNew = await this.run(
      layout.page,
      each((index) => [hashOf(`${index + MESSAGES_PER_ACCOUNT - 1}`), now, PAGE], MESSAGES_PER_ACCOUNT),
    );
    await this.run(
      layout.insert,
      large(10 * LARGE_ACCOUNT, (index) => [hashOf(`large ${index}`), now + LIFE_MS, now, ...packed]),
    );
    const get100 = await this.run(
      layout.page,
      large(OPERATIONS / 5, (index) => [hashOf(`large ${500 + (index % 10)}`), now, PAGE]),
    );
    const extend = await this.run(
      layout.extend,
      each((index) => [hashOf(`${index}`), now + LIFE_MS + 1]),
    );
    const remove = await this.run(
      layout.remove,
      each((index) => [hashOf(`${index}`)]),
    );
    const us = { duplicate, get10, nothingNew, get100, extend, delete: remove };
    if (layout.purge === null) return us;
    const rest = function* (): Generator<Call> {
      for (
        let account = OPERATIONS / MESSAGES_PER_ACCOUNT;
        account < (2 * OPERATIONS) / MESSAGES_PER_ACCOUNT;
        account += 1
      )
        yield { base: baseOf(`${account}`), args: [now + 2 * LIFE_MS, MESSAGES_PER_ACCOUNT] };
    };
    return { ...us, purge: (await this.run(layout.purge, rest())) / MESSAGES_PER_ACCOUNT };
  }

  async #cpuUs(): Promise<number> {
    const info = await this.redis.info('cpu');
    const of = (name: string): number => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1]);
    return (of('used_cpu_user') + of('used_cpu_sys')) * 1e6;
  }
}
