import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { SystemClock } from '../clock.js';

/** Of the clock that watches the event loop: its own wake-ups must not be what an idle node does. */
const PRECISION_MS = 100;
const DELAY_BUCKETS_SECONDS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2];

let registry: Registry | undefined;

/** Memory, CPU and event loop. Services that share a process share these too: each collector costs a timer. */
export function processMetrics(): Registry {
  if (registry === undefined) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: PRECISION_MS });
    watchEventLoop(registry);
  }
  return registry;
}

/** Percentiles of processes cannot be put together and say nothing of a long time; a histogram can. */
function watchEventLoop(into: Registry): void {
  const delays = new Histogram({
    name: 'event_loop_delay_seconds',
    help: 'By how much a timer came late, ten times a second: what everything that arrives has to wait',
    buckets: DELAY_BUCKETS_SECONDS,
    registers: [into],
  });
  const clock = new SystemClock();
  let dueAt = clock.monotonicMs() + PRECISION_MS;
  setInterval(() => {
    const now = clock.monotonicMs();
    delays.observe(Math.max(0, now - dueAt) / 1000);
    dueAt = now + PRECISION_MS;
  }, PRECISION_MS).unref();
}
