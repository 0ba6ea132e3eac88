import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { parse } from 'yaml';
import { BusMetrics } from '../../libs/platform/src/bus/bus-metrics.js';
import { nameOf, type Manifests } from './manifests.js';
import { FOLDERS, renderAll, ROOT, type Folder } from './rendered.js';
import { GIVEN } from './rules/objects.js';
import { bytesOf } from './rules/pods.js';
import { ruleProblems } from './rules/rules.js';
import { neededToStopMs } from './rules/stopping.js';
import { SERVICES } from './rules/settings.js';
import { schemaProblems } from './schema.js';

/** The compiler reads the types of Kubernetes once; a busy machine takes its time for it. */
const TIMEOUT_MS = 60_000;

/** What only whoever runs the node can say: swarm-manager tells them so. */
const NOT_CHOSEN = ['SWARM_MANAGER_NETWORK', 'SWARM_MANAGER_ADMINS'];

const rendered = await renderAll();
const itRendered = 'missing' in rendered ? it.skip : it;
const prefix = 'missing' in rendered ? `(${rendered.missing}) ` : '';
const of = (folder: Folder): Manifests => {
  if ('missing' in rendered) throw new Error(rendered.missing);
  return rendered[folder];
};
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe(`${prefix}the manifests`, () => {
  itRendered(
    'are taken by a current Kubernetes, which refuses fields that it does not know',
    () => {
      const objects = FOLDERS.flatMap((folder) => of(folder).objects);
      expect(objects.length).toBeGreaterThan(80);
      expect(schemaProblems(objects).flat()).toEqual([]);
    },
    TIMEOUT_MS,
  );

  itRendered.each(FOLDERS)(
    'of %s hold together, and lack nothing but what is for their operator to choose',
    (folder) => {
      const own = folder.startsWith('examples/') ? [] : NOT_CHOSEN;
      const problems = ruleProblems(of(folder));
      expect(problems).toEqual(own.map((name) => expect.stringContaining(`swarm-manager: ${name}: is not set`)));
    },
  );

  itRendered('give the relay as long to stop as its settings say that it may take', () => {
    const manifests = of('overlays/ha');
    const { terminationGracePeriodSeconds: seconds = 0 } = manifests.workload('relay').pod;
    expect(seconds * 1_000).toBe(neededToStopMs(manifests, 'relay'));
  });

  itRendered('keep the address of whoever comes in, which limits are counted by', () => {
    const { spec } = of('overlays/ha').get('Service', 'relay');
    expect(spec).toMatchObject({ type: 'LoadBalancer', externalTrafficPolicy: 'Local' });
    expect(spec?.ports?.map(({ name }) => name)).toEqual(['https', 'peer']);
  });

  itRendered('let one machine after the other go, in the overlay for several', () => {
    const manifests = of('overlays/ha');
    const single = manifests.workloads().filter(({ object }) => object.spec?.replicas === 1);
    expect(single.map(({ name }) => name)).toEqual(['swarm-manager', 'redis']);
    expect(manifests.of('PodDisruptionBudget').map(nameOf).sort()).toEqual(['nats', 'relay', 'storage']);
    expect(manifests.workload('nats').object.spec?.replicas).toBe(3);
  });

  itRendered('give Redis room above what it may fill', () => {
    const [container] = of('overlays/ha').workload('redis').pod.containers;
    const [, gigabytes] = /--maxmemory (\d+)gb/.exec(container?.args?.join(' ') ?? '') ?? [];
    const limit = bytesOf(container?.resources?.limits?.['memory'] ?? 0);
    expect(Number(gigabytes) * 1024 ** 3).toBeLessThanOrEqual(0.7 * limit);
  });

  it.each(Object.values(GIVEN).flatMap((objects) => Object.entries(objects)))(
    'are told in both documents what %s must hold',
    (object, keys) => {
      for (const document of ['k8s/README.md', 'docs/operators/kubernetes.md']) {
        const [, options = ''] = new RegExp(` ${object} (--from[^]*?)(?:--dry-run|\n\\S)`).exec(read(document)) ?? [];
        const named = [...options.matchAll(/--from-(?:file|literal)=([\w.-]+)/g)].map(([, key]) => key);
        expect(named).toEqual(keys);
      }
    },
  );
});

describe(`${prefix}what the manifests say twice`, () => {
  itRendered('is the version of this program', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    for (const name of Object.keys(SERVICES)) {
      const { object, pod } = of('overlays/ha').workload(name);
      expect(pod.containers.map(({ image }) => image)).toEqual([`starling:${version}`]);
      expect(object.metadata?.labels?.['app.kubernetes.io/version']).toBe(version);
    }
  });

  itRendered('is the memory of each service, which an alert is about', () => {
    const { groups } = parse(read('monitoring/prometheus/rules.yml')) as Rules;
    const limits = groups
      .flatMap(({ rules }) => rules)
      .filter(({ record }) => record === 'starling:memory_limit_bytes');
    const here = limits.filter(({ labels }) => labels?.job !== 'door'); // which stands in the composition only
    expect(here.map(({ labels }) => labels?.job)).toEqual(Object.keys(SERVICES));
    for (const { labels, expr } of here) {
      const [container] = of('overlays/ha').workload(labels?.job ?? '').pod.containers;
      const mebibytes = bytesOf(container?.resources?.limits?.['memory'] ?? 0) / 1024 ** 2;
      expect(expr).toBe(`vector(${mebibytes} * 1024 * 1024)`);
    }
  });

  itRendered('is the rules for Prometheus, as an object (npm run generate:rules)', () => {
    const { spec } = of('overlays/ha').get('PrometheusRule', 'starling');
    expect(spec).toEqual(parse(read('monitoring/prometheus/rules.yml')));
  });

  itRendered('is the metric that storage is scaled by', () => {
    const { spec } = of('overlays/ha').get('HorizontalPodAutoscaler', 'storage');
    const wanted = spec.metrics?.flatMap(({ pods }) => pods?.metric.name ?? []);
    const { rules } = parse(read('k8s/examples/prometheus-adapter.yaml')) as AdapterRules;
    expect(rules.map(({ name }) => name.as)).toEqual(wanted);
    const registry = new Registry();
    new BusMetrics(registry, () => 1, 2);
    for (const name of wanted ?? []) expect(registry.getSingleMetric(name)).toBeDefined();
    for (const { seriesQuery, name } of rules) expect(seriesQuery).toMatch(new RegExp(`^${name.as}\\{job="storage"`));
  });
});

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { record?: string; expr: string; labels?: { job?: string } }[];
  }[];
}

interface AdapterRules {
  readonly rules: readonly { readonly seriesQuery: string; readonly name: { readonly as: string } }[];
}
