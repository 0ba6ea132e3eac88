import type { NodeService, TestNode } from '#testing';
import { cpuTimeUs, median } from '../cpu-time.js';
import { drive } from '../drive.js';
import { rounded, textTable, type BenchOptions, type BenchResult } from '../result.js';
import { inboxStoreEnvelope, Owners } from './requests.js';
import { SwarmNetwork } from './swarm-network.js';

const DATA_BYTES = 1_024;
const PER_OWNER = 10;
const WORKERS = 16;
/** As in the part `swarm`. */
const WARM_UP_SECONDS = 20;
const SERVICES = ['relay', 'storage', 'swarm_manager'] as const;

/** Microseconds by the name of a line. */
type Split = ReadonlyMap<string, number>;

/** Which process of which member a store in a swarm of five costs what: every service is a process of its own. */
export async function benchMembers({ rounds, seconds }: BenchOptions): Promise<BenchResult> {
  const network = await SwarmNetwork.start({ separate: true });
  try {
    const [entry, ...others] = network.members('five');
    if (entry === undefined) throw new Error('a swarm without members');
    const owners = new Owners(PER_OWNER, () => network.ownerIn('five'));
    const store = (time: number): ReturnType<typeof drive> =>
      drive({ workers: WORKERS, seconds: time }, async () => {
        const text = await network.ask(entry, inboxStoreEnvelope(owners.next(), DATA_BYTES));
        if (text.includes('"failed"')) throw new Error(`a member failed: ${text.slice(0, 300)}`);
      });
    await store(WARM_UP_SECONDS);
    const splits: Split[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const before = read(network, entry, others);
      const { requests } = await store(seconds);
      splits.push(perRequest(before, read(network, entry, others), requests));
    }
    return resultOf(splits);
  } finally {
    await network.stop();
  }
}

function read(network: SwarmNetwork, entry: TestNode, others: readonly TestNode[]): Split {
  const of = (nodes: readonly TestNode[], service: NodeService): number =>
    nodes.reduce((sum, { pids }) => sum + (pids[service] === null ? 0 : cpuTimeUs(pids[service])), 0);
  return new Map([
    ...SERVICES.map((service) => [`${service} of the member that was asked`, of([entry], service)] as const),
    ...SERVICES.map((service) => [`${service} of the four others`, of(others, service)] as const),
    ['Redis, all members', network.serverCpuUs('redis')],
    ['NATS, all members', network.serverCpuUs('nats')],
  ]);
}

const perRequest = (before: Split, after: Split, requests: number): Split =>
  new Map([...after].map(([line, us]) => [line, (us - (before.get(line) ?? 0)) / requests]));

function resultOf(splits: readonly Split[]): BenchResult {
  const lines = [...(splits[0]?.keys() ?? [])].map((line) => {
    return { line, us: median(splits.map((split) => split.get(line) ?? Number.NaN)) };
  });
  const sum = { line: 'together', us: lines.reduce((total, { us }) => total + us, 0) };
  const all = [...lines, sum];
  return {
    table: textTable(
      ['store 1 KiB, swarm of 5, 16 at a time', 'CPU, us a store'],
      all.map(({ line, us }) => [line, us.toFixed(0)]),
    ),
    figures: Object.fromEntries(all.map(({ line, us }) => [`members_${line.replaceAll(/\W+/g, '_')}_us`, rounded(us)])),
  };
}
