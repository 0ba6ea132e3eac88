import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { dashboards } from './dashboards.js';

const read = (path: string): unknown => parse(readFileSync(path, 'utf8'), { merge: true });

const { datasources } = read('docker/grafana/datasources/prometheus.yml') as {
  datasources: readonly { name: string; uid: string; type: string; url: string; jsonData: { timeInterval: string } }[];
};
const { providers } = read('docker/grafana/dashboards/starling.yml') as {
  providers: readonly { type: string; options: { path: string } }[];
};
const { services } = read('docker-compose.yml') as { services: Record<string, { volumes: readonly string[] }> };

describe('what Grafana is given at its start', () => {
  it('is the data source that the dashboards choose when nobody chooses another', () => {
    expect(datasources).toEqual([expect.objectContaining({ type: 'prometheus', url: 'http://prometheus:9090' })]);
    const [{ name, uid } = { name: '', uid: '' }] = datasources;
    for (const { templating } of dashboards())
      expect(templating.list?.[0]?.current).toEqual({ text: name, value: uid });
  });

  it('is told how often Prometheus scrapes', () => {
    const { global } = read('monitoring/prometheus/prometheus.yml') as { global: { scrape_interval: string } };
    expect(datasources.map(({ jsonData }) => jsonData.timeInterval)).toEqual([global.scrape_interval]);
  });

  it('is the folder in which the dashboards lie', () => {
    const volumes = services.grafana?.volumes ?? [];
    expect(volumes).toContain('./docker/grafana:/etc/grafana/provisioning:ro');
    expect(volumes).toContain('./monitoring:/etc/starling/monitoring:ro');
    expect(providers).toEqual([
      expect.objectContaining({ type: 'file', options: { path: '/etc/starling/monitoring/grafana' } }),
    ]);
  });
});
