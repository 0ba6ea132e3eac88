import type { CollectedMetrics } from './worker-messages.js';

type Metric = CollectedMetrics[number];
/** prom-client names the parts of a histogram so, its types do not. */
type Value = Metric['values'][number] & { readonly metricName?: string };

/** As prom-client writes them, whose type says numbers. */
const GROWING: readonly unknown[] = ['counter', 'histogram'];

/** What of a worker's metrics only ever grows. */
export const totalsOf = (metrics: CollectedMetrics): CollectedMetrics =>
  metrics.filter(({ type, aggregator }) => GROWING.includes(type) && aggregator === 'sum');

/**
 * What workers counted that have ended, as far as anybody was told. Without it the sums would fall, and whoever works
 * out a rate would take all that the others ever counted for new.
 */
export class PastTotals {
  readonly #metrics = new Map<string, { readonly metric: Metric; readonly values: Map<string, Value> }>();

  add(metrics: CollectedMetrics): void {
    for (const metric of totalsOf(metrics)) {
      const known = this.#metrics.get(metric.name) ?? { metric, values: new Map<string, Value>() };
      this.#metrics.set(metric.name, known);
      for (const each of metric.values as readonly Value[]) {
        const series = JSON.stringify([each.metricName, each.labels]);
        const before = known.values.get(series)?.value ?? 0;
        known.values.set(series, { ...each, value: before + each.value });
      }
    }
  }

  get metrics(): CollectedMetrics {
    return Array.from(this.#metrics.values(), ({ metric, values }) => ({ ...metric, values: [...values.values()] }));
  }
}
