import type { Metrics } from '../running/metrics.js';

type Labels = Readonly<Record<string, string>>;

/** What is counted, by the name that it has here. docs/operators/cli.md */
const COUNTERS = {
  onions_of_clients: ['relay_onions_total', { source: 'client' }],
  onions_of_nodes: ['relay_onions_total', { source: 'peer' }],
  requests: ['relay_rpc_total', { source: 'client' }],
  requests_of_nodes: ['relay_rpc_total', { source: 'peer' }],
  refused: ['relay_refusals_total', {}],
  bytes_in: ['relay_received_bytes_total', {}],
  bytes_out: ['relay_sent_bytes_total', {}],
  stores: ['storage_stores_total', { outcome: 'new' }],
} as const satisfies Record<string, readonly [string, Labels]>;

export type Counted = keyof typeof COUNTERS;

/** Counters of all services of a node at one moment. */
export interface Sample {
  /** Of a clock that only grows. */
  readonly atMs: number;
  readonly counts: Readonly<Record<Counted, number | null>>;
}

/** Per second; null where a service does not answer, or began anew in between. */
export type Rates = Readonly<Record<Counted, number | null>>;

export function sampleOf(all: readonly Metrics[], atMs: number): Sample {
  const read = ([name, labels]: readonly [string, Labels]): number | null => {
    const values = all.map((metrics) => metrics.value(name, labels)).filter((value) => value !== null);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
  };
  return { atMs, counts: mapped((counted) => read(COUNTERS[counted])) };
}

export function ratesBetween(before: Sample, after: Sample): Rates {
  const seconds = (after.atMs - before.atMs) / 1_000;
  return mapped((counted) => {
    const [from, to] = [before.counts[counted], after.counts[counted]];
    return from === null || to === null || to < from || seconds <= 0 ? null : (to - from) / seconds;
  });
}

function mapped(value: (counted: Counted) => number | null): Record<Counted, number | null> {
  const names = Object.keys(COUNTERS) as Counted[];
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Counted, number | null>;
}
