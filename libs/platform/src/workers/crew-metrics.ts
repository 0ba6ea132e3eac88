import { AggregatorRegistry, Gauge, Counter, Registry } from 'prom-client';
import { MetricsText } from '../admin/metrics-text.js';
import type { Crew } from './crew.js';
import type { CollectedMetrics } from './worker-messages.js';

/** The metrics of all workers as if they were one process, and how many there are. */
export class CrewMetrics extends MetricsText {
  readonly #own = new Registry();

  constructor(
    private readonly crew: Pick<Crew, 'workers' | 'restarts' | 'collect'>,
    service: string,
  ) {
    super();
    const prefix = service.replaceAll('-', '_');
    new Gauge({
      name: `${prefix}_workers`,
      help: 'Processes that share the ports of this service and serve',
      registers: [this.#own],
      collect() {
        this.set(crew.workers.filter(({ isServing }) => isServing).length);
      },
    });
    new Counter({
      name: `${prefix}_worker_restarts_total`,
      help: 'Processes started in the place of one that ended',
      registers: [this.#own],
      collect() {
        this.reset();
        this.inc(crew.restarts);
      },
    });
  }

  async read(): Promise<string> {
    const merged = mergeMetrics(await this.crew.collect());
    return [await merged.metrics(), await this.#own.metrics()].join('\n');
  }
}

/** Each metric by the rule that it names, the sum by default. A worker that has no value yet (NaN) spoils nothing. */
export function mergeMetrics(all: readonly CollectedMetrics[]): Registry {
  const hasValue = new Set<string>();
  const keyOf = (name: string, labels: object): string => `${name} ${JSON.stringify(labels)}`;
  for (const metric of all.flat()) {
    for (const { value, labels } of metric.values) if (!Number.isNaN(value)) hasValue.add(keyOf(metric.name, labels));
  }
  const cleaned = all.map((metrics) =>
    metrics.map((metric) => ({
      ...metric,
      values: metric.values.filter(
        ({ value, labels }) => !Number.isNaN(value) || !hasValue.has(keyOf(metric.name, labels)),
      ),
    })),
  );
  return AggregatorRegistry.aggregate(cleaned);
}
