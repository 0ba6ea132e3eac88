import { describe, expect, it } from '@jest/globals';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { mergeMetrics } from './crew-metrics.js';
import { PastTotals, totalsOf } from './totals.js';
import type { CollectedMetrics } from './worker-messages.js';

/** What one worker reports. */
function worker(requests: Readonly<Record<string, number>>, seconds: readonly number[]): Promise<CollectedMetrics> {
  const registers = [new Registry()] as const;
  const counter = new Counter({ name: 'requests_total', help: 'r', labelNames: ['kind'], registers: [...registers] });
  for (const [kind, count] of Object.entries(requests)) counter.inc({ kind }, count);
  const histogram = new Histogram({ name: 'work_seconds', help: 'w', buckets: [1, 2], registers: [...registers] });
  for (const each of seconds) histogram.observe(each);
  new Gauge({ name: 'open', help: 'o', registers: [...registers] }).set(5);
  return registers[0].getMetricsAsJSON();
}

const linesOf = async (...all: CollectedMetrics[]): Promise<string[]> =>
  (await mergeMetrics(all).metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

describe('what workers counted that have ended', () => {
  it('is added up, with what each counted alone', async () => {
    const past = new PastTotals();
    past.add(await worker({ a: 3 }, [0.5]));
    past.add(await worker({ a: 4, b: 1 }, [1.5, 5]));
    expect(await linesOf(past.metrics)).toEqual([
      'requests_total{kind="a"} 7',
      'requests_total{kind="b"} 1',
      'work_seconds_bucket{le="1"} 1',
      'work_seconds_bucket{le="2"} 2',
      'work_seconds_bucket{le="+Inf"} 3',
      'work_seconds_sum 7',
      'work_seconds_count 3',
    ]);
  });

  it('goes together with what others still count, of whom alone there is a state', async () => {
    const past = new PastTotals();
    past.add(await worker({ a: 3 }, []));
    const lines = await linesOf(await worker({ a: 1 }, [1]), past.metrics);
    expect(lines).toContain('requests_total{kind="a"} 4');
    expect(lines).toContain('open 5');
  });

  it('is nothing while none has ended', () => {
    expect(new PastTotals().metrics).toEqual([]);
  });

  it('leaves out what falls', async () => {
    const names = totalsOf(await worker({ a: 1 }, [])).map(({ name }) => name);
    expect(names).toEqual(['requests_total', 'work_seconds']);
  });
});
