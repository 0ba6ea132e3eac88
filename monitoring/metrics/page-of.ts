import { CrewMetrics } from '../../libs/platform/src/workers/crew-metrics.js';
import type { WatchedNode } from '../../test/monitoring/watched-node.js';
import { metricsPage } from './metrics-page.js';

const NO_WORKERS = { workers: [], restarts: 0, collect: () => Promise.resolve([]) };

/**
 * What the page says of this node. The relay of a devnet is one process: what a first one adds about its workers is asked
 * of the class itself; that it exports it, test/integration/relay/workers.test.ts shows. Throws while a metric has no series.
 */
export async function pageOf(node: WatchedNode): Promise<string> {
  const { relay = '', ...others } = await node.scrapes();
  const ofWorkers = await new CrewMetrics(NO_WORKERS, 'relay').read();
  return metricsPage({ relay: `${relay}\n${ofWorkers}`, ...others, door: await node.scrapeDoor() });
}
