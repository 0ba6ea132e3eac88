/**
 * Loaded into the process under test by --import: watches its event loop and writes what it saw since the last time
 * into STARLING_BENCH_DELAY_FILE whenever SIGUSR2 comes.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** How often it looks; also what an undelayed look measures, so it is taken off. */
const RESOLUTION_MS = 2;
const NS_PER_MS = 1e6;

const file = process.env.STARLING_BENCH_DELAY_FILE ?? '';
const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
histogram.enable();
process.on('SIGUSR2', () => {
  const delayMs = (share: number): number => Math.max(0, histogram.percentile(share) / NS_PER_MS - RESOLUTION_MS);
  writeFileSync(`${file}.next`, JSON.stringify({ p50: delayMs(50), p99: delayMs(99) }));
  renameSync(`${file}.next`, file); // never half of it
  histogram.reset();
});
