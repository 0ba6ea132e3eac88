import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { mergeMetrics } from '../workers/crew-metrics.js';
import { Readiness } from '../readiness.js';
import { showReadiness } from './ready-metric.js';

const process = (): { registry: Registry; readiness: Readiness } => {
  const [registry, readiness] = [new Registry(), new Readiness()];
  showReadiness(registry, readiness);
  return { registry, readiness };
};

describe('service_ready', () => {
  it('follows what keeps the service from working', async () => {
    const { registry, readiness } = process();
    expect(await registry.metrics()).toMatch(/^service_ready 1$/m);
    readiness.set('nats', 'NATS does not answer');
    expect(await registry.metrics()).toMatch(/^service_ready 0$/m);
    readiness.set('nats', null);
    expect(await registry.metrics()).toMatch(/^service_ready 1$/m);
  });

  it('is 0 for several processes as long as one of them is not ready', async () => {
    const [one, other] = [process(), process()];
    const merged = async (): Promise<string> =>
      mergeMetrics([await one.registry.getMetricsAsJSON(), await other.registry.getMetricsAsJSON()]).metrics();
    expect(await merged()).toMatch(/^service_ready 1$/m);
    other.readiness.set('redis', 'Redis does not answer');
    expect(await merged()).toMatch(/^service_ready 0$/m);
  });
});
