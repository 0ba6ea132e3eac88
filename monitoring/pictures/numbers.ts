import type { Unit } from '../dashboards/panels.js';

interface Step {
  readonly from: number;
  readonly name: string;
}

const SECONDS: readonly Step[] = [
  { from: 86_400 * 7, name: 'weeks' },
  { from: 86_400, name: 'days' },
  { from: 3_600, name: 'hours' },
  { from: 60, name: 'min' },
  { from: 1, name: 's' },
  { from: 1e-3, name: 'ms' },
  { from: 1e-6, name: 'µs' },
];

const BYTES: readonly Step[] = [
  { from: 1_024 ** 3, name: 'GiB' },
  { from: 1_024 ** 2, name: 'MiB' },
  { from: 1_024, name: 'KiB' },
  { from: 1, name: 'B' },
];

const BYTES_PER_SECOND: readonly Step[] = [
  { from: 1e9, name: 'GB/s' },
  { from: 1e6, name: 'MB/s' },
  { from: 1e3, name: 'kB/s' },
  { from: 1, name: 'B/s' },
];

/** A value as people read it, in about three digits. */
export function inWords(value: number, unit: Unit, decimals?: number): string {
  switch (unit) {
    case 's':
      return scaled(value, SECONDS, 's', decimals);
    case 'bytes':
      return scaled(value, BYTES, 'B', decimals);
    case 'Bps':
      return scaled(value, BYTES_PER_SECOND, 'B/s', decimals);
    case 'percentunit':
      return `${digits(value * 100, decimals)} %`;
    case 'reqps':
      return `${digits(value, decimals)} /s`;
    case 'none':
      return digits(value, decimals);
  }
}

function scaled(value: number, steps: readonly Step[], nameOfZero: string, decimals?: number): string {
  const step = steps.find(({ from }) => Math.abs(value) >= from) ?? steps.at(-1);
  if (value === 0 || step === undefined) return `0 ${nameOfZero}`;
  return `${digits(value / step.from, decimals)} ${step.name}`;
}

function digits(value: number, decimals = decimalsOf(value)): string {
  return String(Number(value.toFixed(decimals)));
}

const decimalsOf = (value: number): number => {
  const size = Math.abs(value);
  if (size >= 100) return 0;
  return size >= 10 ? 1 : 2;
};

/** Round numbers from the lowest to the highest, both covered, some `count` of them. */
export function ticks(lowest: number, highest: number, unit: Unit, count: number): readonly number[] {
  const step = roundStep((highest - lowest) / count, unit);
  const first = Math.floor(lowest / step);
  const last = Math.ceil(highest / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** The next of 1, 2 and 5 of its power; for bytes a power of two; for longer times what clocks show. */
function roundStep(atLeast: number, unit: Unit): number {
  if (unit === 'bytes' && atLeast > 1) return 2 ** Math.ceil(Math.log2(atLeast));
  if (unit === 's' && atLeast > 5) return CLOCK_STEPS.find((step) => step >= atLeast) ?? roundStep(atLeast, 'none');
  const power = 10 ** Math.floor(Math.log10(atLeast));
  return (ROUND.find((step) => step * power >= atLeast * (1 - 1e-9)) ?? 10) * power;
}

const ROUND = [1, 2, 5];
const CLOCK_STEPS = [10, 15, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 86_400];
