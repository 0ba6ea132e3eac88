import { describe, expect, it } from '@jest/globals';
import { Metrics } from './metrics.js';

const TEXT = `# HELP onions_total Layers, by "who" sent them
# TYPE onions_total counter
onions_total{source="client",why="a \\"b\\" {c}"} 3
onions_total{source="peer",why=""} 4.5
age_seconds NaN
memory_bytes 1.2e+8
`;

describe('metrics of an admin port', () => {
  const metrics = new Metrics(TEXT);

  it('sums the series of a name that have the labels', () => {
    expect(metrics.value('onions_total')).toBe(7.5);
    expect(metrics.value('onions_total', { source: 'client' })).toBe(3);
    expect(metrics.value('onions_total', { why: 'a \\"b\\" {c}' })).toBe(3);
    expect(metrics.value('memory_bytes')).toBe(120_000_000);
  });

  it('tells what is not there from 0', () => {
    expect(metrics.value('onions')).toBeNull();
    expect(metrics.value('onions_total', { source: 'nobody' })).toBeNull();
  });
});
