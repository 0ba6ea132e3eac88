import { Gauge, type Registry } from 'prom-client';
import type { Readiness } from '../readiness.js';

/** What `/health/ready` says, for who only scrapes. Of several processes the worst counts. */
export function showReadiness(registry: Registry, readiness: Readiness): void {
  new Gauge({
    name: 'service_ready',
    help: '1 while this service can do its work, 0 while it cannot; /health/ready gives the reason',
    aggregator: 'min',
    registers: [registry],
    collect() {
      this.set(readiness.isReady ? 1 : 0);
    },
  });
}
