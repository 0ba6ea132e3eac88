import { describe, expect, it } from '@jest/globals';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { mergeMetrics } from './crew-metrics.js';

/** What one worker reports. */
async function worker(requests: number, seconds: readonly number[], age: number) {
  const registers = [new Registry()];
  new Counter({ name: 'requests_total', help: 'r', labelNames: ['kind'], registers }).inc({ kind: 'a' }, requests);
  const histogram = new Histogram({ name: 'work_seconds', help: 'w', buckets: [1, 2], registers });
  for (const each of seconds) histogram.observe(each);
  new Gauge({ name: 'age_seconds', help: 'a', aggregator: 'min', registers }).set(age);
  return registers[0]?.getMetricsAsJSON() ?? [];
}

describe('the metrics of several workers', () => {
  it('are sums, or what each metric asks for', async () => {
    const text = await mergeMetrics([await worker(3, [0.5], 20), await worker(4, [1.5, 5], 10)]).metrics();
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
      'requests_total{kind="a"} 7',
      'work_seconds_bucket{le="1"} 1',
      'work_seconds_bucket{le="2"} 2',
      'work_seconds_bucket{le="+Inf"} 3',
      'work_seconds_sum 7',
      'work_seconds_count 3',
      'age_seconds 10',
    ]);
  });

  it('are not spoilt by one that has no value yet, and have none while nobody has', async () => {
    const some = await mergeMetrics([await worker(0, [], NaN), await worker(0, [], 10)]).metrics();
    expect(some).toContain('age_seconds 10\n');
    const none = await mergeMetrics([await worker(0, [], NaN), await worker(0, [], NaN)]).metrics();
    expect(none).toMatch(/^age_seconds nan$/im);
  });
});
