import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Unit } from '../dashboards/panels.js';
import { inWords, ticks } from './numbers.js';

describe('a value in words', () => {
  it.each<[number, Unit, string]>([
    [0.0123, 's', '12.3 ms'],
    [0.000_05, 's', '50 µs'],
    [90, 's', '1.5 min'],
    [-2.5, 's', '-2.5 s'],
    [172_800, 's', '2 days'],
    [0, 's', '0 s'],
    [0, 'bytes', '0 B'],
    [1_536, 'bytes', '1.5 KiB'],
    [536_870_912, 'bytes', '512 MiB'],
    [1_500, 'Bps', '1.5 kB/s'],
    [0.055, 'percentunit', '5.5 %'],
    [1, 'percentunit', '100 %'],
    [Math.PI, 'reqps', '3.14 /s'],
    [999, 'none', '999'],
    [12_345, 'none', '12345'],
    [0.5, 'none', '0.5'],
  ])('%s of %s is %s', (value, unit, text) => {
    expect(inWords(value, unit)).toBe(text);
  });

  it('has as many decimals as it is told', () => {
    expect(inWords(12.34, 'none', 0)).toBe('12');
  });
});

describe('ticks', () => {
  const units = fc.constantFrom<Unit[]>('none', 'percentunit', 's', 'bytes', 'reqps', 'Bps');
  const size = fc.double({ min: 1e-4, max: 1e9, noNaN: true });

  it('cover all values at even distances, and are few', () => {
    fc.assert(
      fc.property(units, size, size, fc.integer({ min: 2, max: 6 }), (unit, below, above, count) => {
        const values = ticks(-below, above, unit, count);
        const [first = NaN, second = NaN] = values;
        const last = values.at(-1) ?? NaN;
        const step = second - first;
        expect(first).toBeLessThanOrEqual(-below);
        expect(last).toBeGreaterThanOrEqual(above - step * 1e-6);
        expect(values.length).toBeLessThanOrEqual(count + 3);
        for (const [index, value] of values.entries()) expect(value).toBeCloseTo(first + index * step, 6);
      }),
    );
  });

  it.each<[number, number, Unit, readonly number[]]>([
    [0, 10, 'reqps', [0, 5, 10]],
    [0, 3 * 1_048_576, 'bytes', [0, 1_048_576, 2_097_152, 3_145_728]],
    [0, 300, 's', [0, 120, 240, 360]],
    [0, 60, 's', [0, 30, 60]],
    [-1, 3, 'none', [-2, 0, 2, 4]],
  ])('from %s to %s of %s', (lowest, highest, unit, values) => {
    expect(ticks(lowest, highest, unit, 3)).toEqual(values);
  });
});
