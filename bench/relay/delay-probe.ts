/**
 * Loaded into the process under test by --import: watches its event loop and tells what it saw since the last time
 * whenever SIGUSR2 comes.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { writeProbed } from './write-probed.js';

/** How often it looks; also what an undelayed look measures, so it is taken off. */
const RESOLUTION_MS = 2;
const NS_PER_MS = 1e6;

const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
histogram.enable();
process.on('SIGUSR2', () => {
  const delayMs = (share: number): number => Math.max(0, histogram.percentile(share) / NS_PER_MS - RESOLUTION_MS);
  writeProbed({ p50: delayMs(50), p99: delayMs(99) });
  histogram.reset();
});
