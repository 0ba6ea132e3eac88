import type { Clock } from '#platform';
import type { ServiceName } from '../config/services.js';
import { ask } from '../http/ask.js';
import { sentenceOf, systemCodeOf } from '../problems.js';
import { metricsAt } from '../running/metrics.js';
import type { Metrics } from '../running/metrics.js';
import { processBehind } from '../running/service-process.js';
import { sampleOf } from './rates.js';
import type { Sample } from './rates.js';
import { standingAt } from '../running/standing.js';
import type { Standing } from '../running/standing.js';

/** `unknown`: an admin port of no service that is known here. */
export interface ServiceStatus {
  readonly service: ServiceName | 'unknown';
  readonly url: string;
  readonly state: 'ready' | 'not ready' | 'does not answer';
  /** Why it is not ready. */
  readonly problems: readonly string[];
  readonly pid: number | null;
  /** Of its process, which services may share. */
  readonly memory_bytes: number | null;
}

/** How a node is at one moment. */
export interface NodeReading {
  readonly services: readonly ServiceStatus[];
  readonly standing: Standing | null;
  /** Null where storage does not answer, or does not know yet; a limit of 0 is none. */
  readonly redis: { readonly used_bytes: number; readonly limit_bytes: number } | null;
  readonly sample: Sample;
}

/** A gauge that each service has from its start, by which its port is known. */
const MARKS: Readonly<Record<ServiceName, string>> = {
  relay: 'relay_requests_in_flight',
  storage: 'storage_swarm_members',
  'swarm-manager': 'swarm_manager_nodes',
  door: 'door_relays',
};

/** Asks all ports at once; what does not answer is part of the reading. */
export async function readNode(
  ports: readonly { readonly service?: ServiceName; readonly url: string }[],
  clock: Clock,
): Promise<NodeReading> {
  const read = await Promise.all(ports.map(({ service, url }) => readService(url, service)));
  const all = read.flatMap(({ metrics }) => metrics ?? []);
  const manager = read.find(({ status }) => status.service === 'swarm-manager');
  return {
    services: read.map(({ status }) => status),
    standing: manager?.metrics ? await standingAt(manager.status.url) : null,
    redis: redisIn(all),
    sample: sampleOf(all, clock.monotonicMs()),
  };
}

async function readService(
  url: string,
  named: ServiceName | undefined,
): Promise<{ status: ServiceStatus; metrics: Metrics | null }> {
  try {
    const [metrics, ready, pid] = await Promise.all([
      metricsAt(url),
      ask({ method: 'GET', url: `${url}/health/ready` }),
      processBehind(url).then(
        (process) => process.pid,
        () => null, // a version that does not tell, or a system
      ),
    ]);
    const status = {
      service: named ?? serviceOf(metrics),
      url,
      state: ready.status === 200 ? ('ready' as const) : ('not ready' as const),
      problems: problemsIn(Buffer.from(ready.body).toString('utf8')),
      pid,
      memory_bytes: metrics.value('process_resident_memory_bytes'),
    };
    return { status, metrics };
  } catch (cause) {
    const problems = [systemCodeOf(cause) ?? sentenceOf(cause)];
    const status = { service: named ?? 'unknown', url, problems, pid: null, memory_bytes: null } as const;
    return { status: { ...status, state: 'does not answer' }, metrics: null };
  }
}

function serviceOf(metrics: Metrics): ServiceStatus['service'] {
  const names = Object.keys(MARKS) as ServiceName[];
  return names.find((name) => metrics.value(MARKS[name]) !== null) ?? 'unknown';
}

function problemsIn(text: string): string[] {
  try {
    const { problems } = JSON.parse(text) as { problems?: Record<string, unknown> };
    return Object.values(problems ?? {}).map(String);
  } catch {
    return ['it does not say why'];
  }
}

function redisIn(all: readonly Metrics[]): NodeReading['redis'] {
  const read = (what: string): number | null =>
    all.map((metrics) => metrics.value('storage_redis_memory_bytes', { what })).find((value) => value !== null) ?? null;
  const [used, limit] = [read('used'), read('limit')];
  return used === null || limit === null ? null : { used_bytes: used, limit_bytes: limit };
}
