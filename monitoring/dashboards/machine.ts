import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { SERVICES } from './expressions.js';
import { lines } from './panels.js';

/** What the processes of some services take of the machine. `jobs` chooses them, for instance `job="relay"`. */
export const machinePanels = (jobs = SERVICES): readonly Panel[] => [
  lines({
    title: 'Processor',
    about: 'Of one core, all replicas and workers together. A process of Node uses one core for what we do.',
    queries: [{ expr: `sum by (job) (rate(process_cpu_seconds_total{${jobs}}[$__rate_interval]))`, legend: '{{job}}' }],
    unit: 'percentunit',
    width: 6,
  }),
  lines({
    title: 'Memory',
    about: 'Of the largest replica. MemoryNearLimit waits above 85 % of the limit that stands in rules.yml.',
    queries: [
      { expr: `max by (job) (process_resident_memory_bytes{${jobs}})`, legend: '{{job}}' },
      { expr: `max(starling:memory_limit_bytes{${jobs}})`, legend: 'limit' },
    ],
    unit: 'bytes',
    width: 6,
  }),
  lines({
    title: 'Late event loop',
    about:
      'One wait in a hundred is longer, in the slowest replica: everything that arrives waits so. Bad above 0.2 s.',
    queries: [{ expr: `max by (job) (starling:event_loop_delay_seconds:p99_5m{${jobs}})`, legend: '{{job}}' }],
    unit: 's',
    limit: 0.2,
    width: 6,
  }),
  lines({
    title: 'Running for',
    about: 'The youngest process of each: a line that falls to 0 is a start.',
    queries: [{ expr: `min by (job) (time() - process_start_time_seconds{${jobs}})`, legend: '{{job}}' }],
    unit: 's',
    width: 6,
  }),
];
