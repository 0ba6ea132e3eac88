import { randomBytes } from 'node:crypto';
import { nativePrimitives, SystemClock } from '#platform';
import { AccountId, messageHash } from '#protocol';
import type { OwnerShares } from '../../apps/storage/src/mailbox/owner-shares.js';
import { RedisMailboxes } from '../../apps/storage/src/mailbox/redis-mailboxes.js';
import { median } from '../cpu-time.js';
import { drive } from '../drive.js';
import { rounded, textTable, type BenchOptions, type BenchResult } from '../result.js';
import { NAMESPACE, Owners, retrieveEnvelope, storeEnvelope, type Owner } from './requests.js';
import { StorageProcess } from './storage-process.js';

/** Small, so that a million fits into the memory of an ordinary machine; the cost of the index is what grows. */
const DATA_BYTES = 256;
const PER_OWNER = 10;
const TTL_MS = 86_400_000;
const WORKERS = 16;
/** What is measured is Redis, not what an owner may have of it. */
const UNBOUNDED: OwnerShares = {
  for: () => ({ maxMessages: Number.MAX_SAFE_INTEGER, maxBytes: Number.MAX_SAFE_INTEGER, reason: 'owner' }),
};
/** Stores under way at a time while filling: Redis is never idle. */
const FILL_WORKERS = 256;

interface Level {
  readonly messages: number;
  readonly world: StorageProcess;
  readonly readers: readonly Owner[];
  readonly storeUs: number[];
  readonly retrieveUs: number[];
}

/** CPU of storage and Redis for a request with so many messages stored; levels take turns in every round. */
export async function benchGrowth({ rounds, seconds }: BenchOptions, sizes: readonly number[]): Promise<BenchResult> {
  const levels: Level[] = [];
  try {
    for (const messages of sizes) levels.push(await filled(messages));
    for (let round = -1; round < rounds; round += 1) {
      for (const level of levels) await measure(level, seconds, round < 0);
    }
    const rows: string[][] = [];
    const figures: Record<string, number> = {};
    const [first] = levels;
    for (const { messages, storeUs, retrieveUs } of levels) {
      const [store, retrieve] = [median(storeUs), median(retrieveUs)];
      const [storeGrowth, retrieveGrowth] = [
        median(storeUs.map((cost, round) => cost / (first?.storeUs[round] ?? Number.NaN))),
        median(retrieveUs.map((cost, round) => cost / (first?.retrieveUs[round] ?? Number.NaN))),
      ];
      const numbers = [store.toFixed(0), storeGrowth.toFixed(2), retrieve.toFixed(0), retrieveGrowth.toFixed(2)];
      rows.push([messages.toLocaleString('en'), ...numbers]);
      figures[`store_cpu_us_at_${messages}`] = rounded(store);
      figures[`store_growth_at_${messages}`] = rounded(storeGrowth);
      figures[`retrieve_10_cpu_us_at_${messages}`] = rounded(retrieve);
      figures[`retrieve_10_growth_at_${messages}`] = rounded(retrieveGrowth);
    }
    return { table: textTable(['messages stored', 'store us', 'growth', 'retrieve us', 'growth'], rows), figures };
  } finally {
    for (const { world } of levels) await world.stop();
  }
}

/** Through the service's own code, many at a time, without waiting for the disk. */
async function filled(messages: number): Promise<Level> {
  const world = await StorageProcess.start();
  const { client } = world.redis;
  const [owners, primitives, nowMs] = [new Owners(PER_OWNER), nativePrimitives(), new SystemClock().now()];
  await client.config('SET', 'appendfsync', 'no');
  const mailboxes = new RedisMailboxes(client, 'bench', UNBOUNDED);
  const storeOne = async (): Promise<void> => {
    const account = AccountId.parse(owners.next().account);
    const data = randomBytes(DATA_BYTES);
    const hash = messageHash(primitives, account, NAMESPACE, data);
    const message = { hash, namespace: NAMESPACE, timestampMs: nowMs, expiryMs: nowMs + TTL_MS, data, replaces: false };
    await mailboxes.store(account, message, nowMs);
  };
  for (let stored = 0; stored < messages; stored += FILL_WORKERS) {
    await Promise.all(Array.from({ length: Math.min(FILL_WORKERS, messages - stored) }, storeOne));
  }
  await client.config('SET', 'appendfsync', 'always');
  return { messages, world, readers: owners.all, storeUs: [], retrieveUs: [] };
}

async function measure(
  { world, readers, storeUs, retrieveUs }: Level,
  seconds: number,
  isWarmUp: boolean,
): Promise<void> {
  const owners = new Owners(PER_OWNER);
  const store = await costOf(world, seconds, () => storeEnvelope(owners.next(), DATA_BYTES));
  const retrieve = await costOf(world, seconds, (request) => {
    // A prime step goes through all of them in an order that no cache likes.
    return retrieveEnvelope(readers[(request * 7_919) % readers.length] ?? owners.next());
  });
  if (isWarmUp) return;
  storeUs.push(store);
  retrieveUs.push(retrieve);
}

async function costOf(world: StorageProcess, seconds: number, next: (request: number) => Buffer): Promise<number> {
  let requests = 0;
  const cpuUs = await world.cpuUsOf(world.pid, async () => {
    ({ requests } = await drive({ workers: WORKERS, seconds }, async (n) => {
      await world.ask(next(n));
    }));
  });
  return cpuUs / requests;
}
