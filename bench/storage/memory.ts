import { rounded, textTable, type BenchOptions, type BenchResult } from '../result.js';
import { Owners, storeEnvelope } from './requests.js';
import { StorageProcess } from './storage-process.js';

const PER_OWNER = 10;
const WORKERS = 16;
const SIZES = [
  { name: '256 B', figure: '256_bytes', bytes: 256, messages: 20_000 },
  { name: '1 KiB', figure: '1_kib', bytes: 1_024, messages: 20_000 },
  { name: '70 KiB', figure: '70_kib', bytes: 71_680, messages: 2_000 },
] as const;

/** Redis memory for one message that was stored through the service, by size of its data. */
export async function benchMemory(_options: BenchOptions): Promise<BenchResult> {
  const world = await StorageProcess.start();
  try {
    const rows: string[][] = [];
    const figures: Record<string, number> = {};
    for (const { name, figure, bytes, messages } of SIZES) {
      await world.redis.client.flushall();
      const before = await usedMemory(world);
      const owners = new Owners(PER_OWNER);
      for (let stored = 0; stored < messages; stored += WORKERS) {
        await Promise.all(Array.from({ length: WORKERS }, () => world.ask(storeEnvelope(owners.next(), bytes))));
      }
      const perMessage = ((await usedMemory(world)) - before) / messages;
      rows.push([name, perMessage.toFixed(0), (perMessage - bytes).toFixed(0), (perMessage / bytes).toFixed(2)]);
      figures[`redis_bytes_per_message_${figure}`] = rounded(perMessage);
      figures[`redis_bytes_ratio_${figure}`] = rounded(perMessage / bytes);
    }
    return { table: textTable(['Redis bytes a message', 'all', 'over data', 'ratio'], rows), figures };
  } finally {
    await world.stop();
  }
}

async function usedMemory({ redis }: StorageProcess): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.client.info('memory'))?.[1]);
}
