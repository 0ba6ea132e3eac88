import { describe, expect, it } from '@jest/globals';
import { coresBetween, delayMsBetween, readVitals } from './vitals.js';

const scrape = (cpu: number, upTo10Ms: number, upTo50Ms: number, all: number): string =>
  [
    `process_cpu_seconds_total ${cpu}`,
    `event_loop_delay_seconds_bucket{le="0.01"} ${upTo10Ms}`,
    `event_loop_delay_seconds_bucket{le="0.05"} ${upTo50Ms}`,
    `event_loop_delay_seconds_bucket{le="+Inf"} ${all}`,
  ].join('\n');

describe('the vitals of a relay', () => {
  const before = readVitals(scrape(1, 100, 100, 100), 0);

  it('tell the cores in use between two scrapes', () => {
    expect(coresBetween(before, readVitals(scrape(3.5, 100, 100, 100), 5_000))).toBe(0.5);
  });

  it.each([
    ['most looks', 0.9, 10],
    ['nearly all', 0.95, 50],
    ['every single one', 1, Infinity],
  ])('tell the delay that %s stayed below, without what was before', (_name, share, delayMs) => {
    expect(delayMsBetween(before, readVitals(scrape(1, 190, 198, 200), 1_000), share)).toBe(delayMs);
  });

  it('are unknown when nobody looked meanwhile', () => {
    expect(delayMsBetween(before, before, 0.95)).toBeNaN();
  });

  it('must all be there', () => {
    expect(() => readVitals('process_cpu_seconds_total 1', 0)).toThrow('event loop');
  });
});
