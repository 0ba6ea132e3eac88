const UNITS_MS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;
/** Two minutes are told as minutes, ninety seconds as seconds. */
const AT_LEAST = 2;

/** A time as people say it: `4 s`, `3 min`, `5 h`. */
export function duration(ms: number): string {
  const positive = Math.max(0, ms);
  for (const [unit, unitMs] of UNITS_MS) {
    if (positive >= AT_LEAST * unitMs || unit === 's') return `${Math.floor(positive / unitMs)} ${unit}`;
  }
  return '0 s';
}

export const ago = (ms: number | null): string => (ms === null ? 'not yet' : `${duration(ms)} ago`);

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function bytes(count: number): string {
  let [value, unit] = [count, 0];
  while (value >= 1_024 && unit < BYTE_UNITS.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${BYTE_UNITS[unit] ?? ''}`;
}

/** Enough to tell nodes from one another by eye. */
const KEY_CHARS = 12;

export const shortKey = (key: string): string => `${key.slice(0, KEY_CHARS)}…`;
