import type { Registry } from 'prom-client';
import { processMetrics } from './process-metrics.js';

/** What a scrape of the admin port gets. */
export abstract class MetricsText {
  abstract read(): Promise<string>;
}

/** Of a service that is one process. */
export class OwnMetrics extends MetricsText {
  constructor(private readonly registry: Registry) {
    super();
  }

  async read(): Promise<string> {
    const parts = await Promise.all([this.registry.metrics(), processMetrics().metrics()]);
    return parts.join('\n');
  }
}
