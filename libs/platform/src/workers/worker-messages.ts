import type { Registry } from 'prom-client';

/** All metrics of a process, as prom-client takes them together. */
export type CollectedMetrics = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** What the first process of a service tells a worker. */
export type ToWorker =
  { readonly kind: 'stop' } | { readonly kind: 'reload' } | { readonly kind: 'collect'; readonly id: number };

/** What a worker tells the first process. */
export type FromWorker =
  /** It serves now. */
  | { readonly kind: 'started' }
  /** What keeps it from its work, by name; empty when it is ready. */
  | { readonly kind: 'problems'; readonly problems: Readonly<Record<string, string>> }
  | { readonly kind: 'collected'; readonly id: number; readonly metrics: CollectedMetrics };
