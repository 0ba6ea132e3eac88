import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startNetwork, waitUntil, type TestNetwork } from '#testing';
import { metricsThatRulesRead } from '../monitoring/rule-file.js';
import { firstOf } from './rpc.js';
import { NETWORK_TIMEOUT_MS, RECOVERY_TIMEOUT_MS, TEST_TIMEOUT_MS } from './timeouts.js';

const SCRAPE_TIMEOUT_MS = 10_000;
/** Prometheus makes the first; the second is there with several workers only: test/integration/relay/workers.test.ts. */
const NOT_OF_THESE = ['up', 'relay_worker_restarts_total'];

describe('what a live node exports', () => {
  let network: TestNetwork | undefined;
  beforeAll(async () => {
    // with one node there is nobody to reach, and so no metric of it
    network = await startNetwork({ nodes: 2, separate: true });
  }, NETWORK_TIMEOUT_MS);
  afterAll(() => network?.stop(), NETWORK_TIMEOUT_MS);

  const scrape = async (): Promise<string> => {
    const urls = Object.values(firstOf(network?.nodes ?? []).info.admin_urls ?? {});
    expect(urls).toHaveLength(3);
    const texts = await Promise.all(
      urls.map(async (url) =>
        (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(SCRAPE_TIMEOUT_MS) })).text(),
      ),
    );
    return texts.join('\n');
  };

  it(
    'has every metric that a rule names',
    async () => {
      const wanted = metricsThatRulesRead().filter((name) => !NOT_OF_THESE.includes(name));
      expect(wanted.length).toBeGreaterThan(0);
      await waitUntil('a test of the other node', RECOVERY_TIMEOUT_MS, async () => {
        const series = new Set([...(await scrape()).matchAll(/^([\w:]+)(?:\{.*\})? \S+$/gm)].map(([, name]) => name));
        expect(wanted.filter((name) => !series.has(name))).toEqual([]);
      });
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
});
