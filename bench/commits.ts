import { createHash, randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { AccountId } from '#protocol';
import { startRedis } from '#testing';
import type { OwnerShares } from '../apps/storage/src/mailbox/owner-shares.js';
import { RedisMailboxes } from '../apps/storage/src/mailbox/redis-mailboxes.js';
import { median } from './cpu-time.js';
import { drive } from './drive.js';
import { rounded, textTable, type BenchOptions, type BenchResult } from './result.js';

/** Each is a connection of its own, so that only Redis can bring writes together. */
const CLIENTS = [1, 16, 100] as const;
const MODES = ['always', 'everysec'] as const;
const DATA_BYTES = 1_024;
const TTL_MS = 86_400_000;
const PER_OWNER = 10;
const UNBOUNDED: OwnerShares = {
  for: () => ({ maxMessages: Number.MAX_SAFE_INTEGER, maxBytes: Number.MAX_SAFE_INTEGER, reason: 'owner' }),
};

/** Stores of 1 KiB a second, each of which waits for the disk or not: Redis syncs once for all that arrived together. */
export async function benchCommits({ rounds, seconds }: BenchOptions): Promise<BenchResult> {
  const server = await startRedis();
  const clients = Array.from({ length: Math.max(...CLIENTS) }, () => new Redis(server.url));
  try {
    const mailboxes = clients.map((client) => new RedisMailboxes(client, 'bench', UNBOUNDED));
    const nowMs = Date.now();
    let stored = 0;
    const perSecond = async (mode: string, count: number): Promise<number> => {
      await server.client.config('SET', 'appendfsync', mode);
      const idle = mailboxes.slice(0, count);
      const { requests, seconds: took } = await drive({ workers: count, seconds }, async () => {
        const mailbox = idle.pop();
        if (mailbox === undefined) throw new Error('more workers than clients');
        const key = createHash('sha256')
          .update(`${Math.floor(stored / PER_OWNER)}`)
          .digest();
        const hash = createHash('sha256').update(`message ${stored++}`).digest('base64').slice(0, -1);
        const message = { hash, namespace: 0, timestampMs: nowMs, expiryMs: nowMs + TTL_MS, replaces: false };
        const account = AccountId.parse(Uint8Array.of(5, ...key));
        await mailbox.store(account, { ...message, data: randomBytes(DATA_BYTES) }, nowMs);
        idle.push(mailbox);
      });
      return requests / took;
    };
    const figures: Record<string, number> = {};
    const rows: string[][] = [];
    for (const count of CLIENTS) {
      const rates = MODES.map((): number[] => []);
      for (let round = 0; round < rounds; round += 1) {
        for (const [index, mode] of MODES.entries()) rates[index]?.push(await perSecond(mode, count));
      }
      const [always = Number.NaN, everysec = Number.NaN] = rates.map(median);
      rows.push([`${count}`, always.toFixed(0), everysec.toFixed(0), (always / everysec).toFixed(2)]);
      figures[`stores_per_second_always_${count}`] = rounded(always);
      figures[`stores_per_second_everysec_${count}`] = rounded(everysec);
    }
    return { table: textTable(['clients', 'always /s', 'everysec /s', 'ratio'], rows), figures };
  } finally {
    for (const client of clients) client.disconnect();
    await server.stop();
  }
}
