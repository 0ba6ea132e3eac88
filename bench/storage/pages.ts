import { readFileSync } from 'node:fs';
import { rounded, textTable, type BenchOptions, type BenchResult } from '../result.js';
import { anOwner, NAMESPACE, retrieveEnvelope, storeEnvelope } from './requests.js';
import { StorageProcess } from './storage-process.js';

const DATA_BYTES = 71_680;
/** More than a page holds: 7.8 MB of base64. */
const MESSAGES = 100;
const PAGES_AT_ONCE = 20;
const WAVES = 5;
const FULL_PAGE_BYTES = 7_500_000;
/** In the words of the network, or by its time: a slow machine does not get through all of them while their callers wait. */
const BUSY = /status 503|in time/;

/** Memory of the storage process while many full pages are asked for at once. */
export async function benchPages(_options: BenchOptions): Promise<BenchResult> {
  const world = await StorageProcess.start();
  try {
    const owner = anOwner();
    for (let stored = 0; stored < MESSAGES; stored += 1) await world.ask(storeEnvelope(owner, DATA_BYTES));
    const beforeMib = memoryMib(world.pid, 'VmRSS');
    let refused = 0;
    const startMs = performance.now();
    for (let wave = 0; wave < WAVES; wave += 1) {
      const pages = Array.from({ length: PAGES_AT_ONCE }, async () => {
        const envelope = retrieveEnvelope(owner, NAMESPACE, { max_size: -1 });
        const body = await world.ask(envelope).then(
          (answer) => answer.body,
          (cause: unknown) => {
            if (cause instanceof Error && BUSY.test(cause.message)) return null;
            throw cause;
          },
        );
        if (body === null) refused += 1;
        else if (body.length < FULL_PAGE_BYTES) throw new Error(`a page of ${body.length} bytes is not full`);
      });
      await Promise.all(pages);
    }
    const pagesPerSecond = ((WAVES * PAGES_AT_ONCE - refused) * 1_000) / (performance.now() - startMs);
    const peakMib = memoryMib(world.pid, 'VmHWM');
    const cells = [beforeMib.toFixed(0), peakMib.toFixed(0), pagesPerSecond.toFixed(1), String(refused)];
    return {
      table: textTable(
        ['resident memory of storage', 'before MiB', 'peak MiB', 'pages/s', 'refused'],
        [[`${PAGES_AT_ONCE} full pages at once`, ...cells]],
      ),
      figures: {
        pages_before_rss_mib: rounded(beforeMib),
        pages_peak_rss_mib: rounded(peakMib),
        pages_per_second: rounded(pagesPerSecond),
        pages_refused: refused,
      },
    };
  } finally {
    await world.stop();
  }
}

function memoryMib(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1_024;
}
