import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Pool } from 'undici';
import { drive, quantile } from '../drive.js';
import { rounded, textTable, type BenchOptions, type BenchResult } from '../result.js';
import { RelayRig } from './rig.js';

const CONCURRENT = 500;
const SECONDS = 60;
/** By then every buffer and cache has its size. */
const GROWN_AFTER_SECONDS = 10;
/** Still under load. */
const LAST_COLLECTION_SECONDS = 58;
const LOOK_MS = 250;
const ONION_BYTES = 2_048;
const PAGE_BYTES = 4_096;
const BYTES_PER_MIB = 1024 * 1024;

/**
 * 500 onions at any time for a minute: no error, no growing memory, nobody waits much longer than others. Memory goes
 * up and down with collections that are up to 75 s apart, so that what may not grow is what a collection leaves.
 */
export async function benchSteady(_options: BenchOptions): Promise<BenchResult> {
  const probe = new URL('./memory-probe.js', import.meta.url);
  const rig = await RelayRig.start({ probe, nodeFlags: ['--expose-gc'] });
  let watch: NodeJS.Timeout | undefined;
  try {
    const { origin, path, pid } = rig.ours;
    const bodies = rig.onions(ONION_BYTES);
    const pool = new Pool(origin, { connections: CONCURRENT, connect: { rejectUnauthorized: false }, pipelining: 1 });
    let highestMiB = 0;
    watch = setInterval(() => (highestMiB = Math.max(highestMiB, residentMiB(pid))), LOOK_MS);
    const problems = new Map<string, number>();
    const driving = drive({ workers: CONCURRENT, seconds: SECONDS }, async (request) => {
      const problem = await problemOf(pool, path, bodies[request % bodies.length] ?? new Uint8Array());
      if (problem !== null) problems.set(problem, (problems.get(problem) ?? 0) + 1);
    });
    const [driven, earlyMiB, endMiB] = await Promise.all([
      driving,
      collectedMiB(rig, GROWN_AFTER_SECONDS),
      collectedMiB(rig, LAST_COLLECTION_SECONDS),
    ]);
    for (const [problem, times] of problems) process.stderr.write(`${times} times: ${problem}\n`);
    const errors = [...problems.values()].reduce((sum, times) => sum + times, 0);
    await pool.close();
    const [p50, p99] = [quantile(driven.latenciesMs, 0.5), quantile(driven.latenciesMs, 0.99)];
    const rate = driven.requests / driven.seconds;
    const head = [
      `${CONCURRENT} at once, ${SECONDS} s`,
      'requests/s',
      'errors',
      'p50 ms',
      'p99 ms',
      `collected at ${GROWN_AFTER_SECONDS} s, MiB`,
      `at ${LAST_COLLECTION_SECONDS} s`,
      'highest',
    ];
    const row = [rate.toFixed(0), String(errors), p50.toFixed(1), p99.toFixed(1)];
    const memory = [earlyMiB, endMiB, highestMiB].map((mib) => mib.toFixed(0));
    return {
      table: textTable(head, [['2 KiB', ...row, ...memory]]),
      figures: {
        steady_requests_per_second: Math.round(rate),
        steady_errors: errors,
        steady_p50_ms: rounded(p50),
        steady_p99_ms: rounded(p99),
        steady_p99_over_p50: rounded(p99 / p50),
        steady_collected_10s_mib: rounded(earlyMiB),
        steady_collected_end_mib: rounded(endMiB),
        steady_resident_highest_mib: rounded(highestMiB),
      },
    };
  } finally {
    clearInterval(watch);
    await rig.stop();
  }
}

/** The resident memory that a collection leaves at that second of the load. */
async function collectedMiB(rig: RelayRig, second: number): Promise<number> {
  await setTimeout(second * 1_000);
  const { residentBytes } = await rig.askProbe<{ readonly residentBytes: number }>();
  return residentBytes / BYTES_PER_MIB;
}

/** What went wrong with one request, in words; null when nothing did. An error is a figure here, not the end. */
async function problemOf(pool: Pool, path: string, body: Uint8Array): Promise<string | null> {
  try {
    const answer = await pool.request({ method: 'POST', path, body });
    await answer.body.dump();
    return answer.statusCode === 200 ? null : `status ${answer.statusCode}`;
  } catch (cause) {
    return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  }
}

function residentMiB(pid: number): number {
  const [, pages = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ');
  return (Number(pages) * PAGE_BYTES) / BYTES_PER_MIB;
}
