import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findPrometheus, TestPrometheus, waitUntil, type Series } from '#testing';
import { dashboards } from '../../monitoring/dashboards/dashboards.js';
import { labelsIn, questionsOf, withTimes } from '../../monitoring/dashboards/questions.js';
import { pageOf } from '../../monitoring/metrics/page-of.js';
import { metricsBehind, metricsThatRulesRead, PROMETHEUS_FOLDER } from '../monitoring/rule-file.js';
import { WatchedNode } from '../monitoring/watched-node.js';
import { firstOf } from './rpc.js';
import { NETWORK_TIMEOUT_MS, RECOVERY_TIMEOUT_MS, TEST_TIMEOUT_MS } from './timeouts.js';

const PAGE = new URL('../../docs/operators/metrics.md', import.meta.url);
/** Prometheus makes the first two; the third is there with several workers only: test/integration/relay/workers.test.ts. */
const NOT_OF_THESE = ['up', 'ALERTS', 'relay_worker_restarts_total'];
/** A busy machine answers within, and an answer to every question is there after a few. */
const SCRAPE_SECONDS = 3;
/** To start it, and then as long as any other test. */
const PROMETHEUS_TIMEOUT_MS = 2 * TEST_TIMEOUT_MS;
const TIMES = { rateInterval: 20, range: 60 };
/** Shows something when an alert waits or fires, and no alert should. */
const MAY_BE_EMPTY = ['Alerts over time'];

const tool = await findPrometheus('prometheus');
const itWithPrometheus = 'path' in tool ? it : it.skip;
const prefix = 'missing' in tool ? `(${tool.missing}) ` : '';

const questions = dashboards()
  .flatMap(questionsOf)
  .map((question) => ({ ...question, expr: withTimes(question.expr, TIMES) }));

/** A number, and all that its name is made of. */
const isAnswer = (series: readonly Series[], legend: string): boolean =>
  series.some(({ samples }) => samples.some(([, value]) => Number.isFinite(value))) &&
  series.every(({ labels }) => labelsIn(legend).every((label) => labels[label] !== undefined));

describe('what a live node exports', () => {
  let node: WatchedNode | undefined;
  beforeAll(async () => {
    node = await WatchedNode.start();
  }, NETWORK_TIMEOUT_MS);
  afterAll(() => node?.stop(), NETWORK_TIMEOUT_MS);

  const started = (): WatchedNode => firstOf([node]);
  const scrape = async (): Promise<string> => Object.values(await started().scrapes()).join('\n');

  it(
    'has every metric that a rule or a dashboard names',
    async () => {
      const named = [...metricsThatRulesRead(), ...questions.flatMap(({ expr }) => metricsBehind(expr))];
      const wanted = [...new Set(named)].filter((name) => !NOT_OF_THESE.includes(name));
      expect(wanted.length).toBeGreaterThan(0);
      await waitUntil('a test of the other node', RECOVERY_TIMEOUT_MS, async () => {
        const series = new Set([...(await scrape()).matchAll(/^([\w:]+)(?:\{.*\})? \S+$/gm)].map(([, name]) => name));
        expect(wanted.filter((name) => !series.has(name))).toEqual([]);
      });
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'is what the page of metrics says', // npm run generate:metrics
    async () => {
      const page = await waitUntil('a series of each metric', RECOVERY_TIMEOUT_MS, () => pageOf(started()));
      expect(page).toBe(await readFile(PAGE, 'utf8'));
    },
    TEST_TIMEOUT_MS,
  );

  it(
    'says that each service is ready, and when the list of the network expires',
    async () => {
      const text = await scrape();
      expect(text.match(/^service_ready .*$/gm)).toEqual(['service_ready 1', 'service_ready 1', 'service_ready 1']);
      const [, expires] = /^swarm_manager_list_expires_timestamp_seconds (\S+)$/m.exec(text) ?? [];
      expect(Number(expires) * 1_000).toBeGreaterThan(Date.now());
    },
    TEST_TIMEOUT_MS,
  );

  itWithPrometheus(
    `${prefix}gives Prometheus an answer to every question of the dashboards`,
    async () => {
      const path = 'path' in tool ? tool.path : '';
      const rulesFile = join(PROMETHEUS_FOLDER, 'rules.yml');
      const prometheus = await TestPrometheus.start({
        path,
        jobs: started().jobs,
        rulesFile,
        intervalSeconds: SCRAPE_SECONDS,
      });
      try {
        await waitUntil('the answers', TEST_TIMEOUT_MS, async () => {
          await Promise.all([started().traffic.ordinary(), started().traffic.refused()]);
          const answers = await Promise.all(
            questions.map(async ({ expr, legend }) => isAnswer(await prometheus.query(expr), legend)),
          );
          const missing = questions.filter(({ panel }, index) => !answers[index] && !MAY_BE_EMPTY.includes(panel));
          expect(missing.map(({ dashboard, panel, expr }) => `${dashboard}, ${panel}: ${expr}`)).toEqual([]);
        });
        await expect(prometheus.query('sum(')).rejects.toThrow('parse error');
      } finally {
        await prometheus.stop();
      }
    },
    PROMETHEUS_TIMEOUT_MS,
  );
});
