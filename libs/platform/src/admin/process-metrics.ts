import { collectDefaultMetrics, Registry } from 'prom-client';

/** Of the clock that watches the event loop: its own wake-ups must not be what an idle node does. */
const PRECISION_MS = 100;

let registry: Registry | undefined;

/** Memory, CPU and event loop. Services that share a process share these too: each collector costs a timer. */
export function processMetrics(): Registry {
  if (registry === undefined) {
    registry = new Registry();
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: PRECISION_MS });
  }
  return registry;
}
