import type { Figures } from '../result.js';

interface Target {
  readonly figure: string;
  readonly says: string;
  readonly limit: (figures: Figures) => number;
}

/** As far as two collections are apart when nothing grows: half-used pages of the allocator come and go. */
const FLAT_MIB = 25;

const TARGETS: readonly Target[] = [
  { figure: 'hop_ratio', says: 'CPU of a 2 KiB hop over the floor', limit: () => 1.3 },
  { figure: 'hop_ratio_70k', says: 'CPU of a 70 KiB hop over the floor', limit: () => 1.3 },
  { figure: 'round_trip_p50_ms', says: 'three hops, p50 ms', limit: () => 8 },
  { figure: 'round_trip_p99_ms', says: 'three hops, p99 ms', limit: () => 25 },
  { figure: 'steady_errors', says: '500 at once, errors', limit: () => 0 },
  { figure: 'steady_p99_over_p50', says: '500 at once, p99 over p50', limit: () => 10 },
  {
    figure: 'steady_collected_end_mib',
    says: '500 at once, resident MiB after a collection in the end',
    limit: ({ steady_collected_10s_mib: early = Number.NaN }) => Math.round(early) + FLAT_MIB,
  },
  { figure: 'loop_delay_p99_ms', says: 'event-loop delay at 70 % CPU, p99 ms', limit: () => 20 },
];

/** A line for each target that was measured. */
export function verdicts(figures: Figures): string {
  return TARGETS.filter(({ figure }) => figures[figure] !== undefined)
    .map(({ figure, says, limit }) => {
      const [measured = Number.NaN, most] = [figures[figure], limit(figures)];
      return `target ${says}: at most ${most}, measured ${measured}: ${measured <= most ? 'met' : 'NOT MET'}`;
    })
    .join('\n');
}
