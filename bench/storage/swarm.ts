import type { TestNode } from '#testing';
import { median } from '../cpu-time.js';
import { drive, quantile, type Driven } from '../drive.js';
import { rounded, textTable, type BenchOptions, type BenchResult } from '../result.js';
import { benchAgainstFloor } from './against-floor.js';
import { inboxStoreEnvelope, Owners, retrieveEnvelope, type Owner } from './requests.js';
import { benchStopped } from './stopped.js';
import { SwarmNetwork, type SwarmSize } from './swarm-network.js';

const DATA_BYTES = 1_024;
const INBOX = 0;
const PER_OWNER = 10;
/** More than the messages of one answer, which is why they are read with a count. */
const MANY = 100;
const READERS = 20;
/** Members that were not asked see a request for several stores: theirs is the code that is compiled last. */
const WARM_UP_SECONDS = 20;

interface Case {
  readonly name: string;
  readonly figure: string;
  readonly swarm: SwarmSize;
  readonly workers: number;
  readonly next: () => Buffer;
}

/** What a request costs in a whole network: CPU of all members, Redis and NATS, less what they use when nobody asks. */
export async function benchSwarm(options: BenchOptions): Promise<BenchResult> {
  const network = await SwarmNetwork.start();
  try {
    const rows: string[][] = [];
    let figures: Record<string, number> = {};
    for (const each of await cases(network)) {
      const { row, numbers } = await measure(network, each, options);
      rows.push(row);
      figures = { ...figures, ...numbers };
    }
    const head = ['direct to a member', 'CPU ms, all members', 'p50 ms', 'p99 ms', 'requests/s'];
    const more = [await benchAgainstFloor(network, options), await benchStopped(network, options)];
    return {
      table: [textTable(head, rows), ...more.map(({ table }) => table)].join('\n\n'),
      figures: Object.assign(figures, ...more.map((each) => each.figures)) as Record<string, number>,
    };
  } finally {
    await network.stop();
  }
}

async function cases(network: SwarmNetwork): Promise<readonly Case[]> {
  const storing = (swarm: SwarmSize): (() => Buffer) => {
    const owners = new Owners(PER_OWNER, () => network.ownerIn(swarm));
    return () => inboxStoreEnvelope(owners.next(), DATA_BYTES);
  };
  const retrieving = async (messages: number): Promise<() => Buffer> => {
    const readers = await fill(network, messages);
    let turn = 0;
    return () => {
      const reader = readers[turn++ % readers.length] ?? network.ownerIn('one');
      return retrieveEnvelope(reader, INBOX, { max_count: messages });
    };
  };
  const store = { name: 'store 1 KiB, swarm of 5', swarm: 'five', next: storing('five') } as const;
  const alone = { name: 'store 1 KiB, swarm of 1', swarm: 'one', next: storing('one') } as const;
  return [
    { ...store, name: `${store.name}, 16 at a time`, figure: 'swarm5_store_16', workers: 16 },
    { ...store, name: `${store.name}, 1 at a time`, figure: 'swarm5_store_1', workers: 1 },
    { ...alone, name: `${alone.name}, 16 at a time`, figure: 'swarm1_store_16', workers: 16 },
    {
      name: 'retrieve 1 x 1 KiB, 16 at a time',
      figure: 'retrieve_1_of_1_kib_16',
      swarm: 'one',
      workers: 16,
      next: await retrieving(1),
    },
    {
      name: `retrieve ${MANY} x 1 KiB, 16 at a time`,
      figure: `retrieve_${MANY}_of_1_kib_16`,
      swarm: 'one',
      workers: 16,
      next: await retrieving(MANY),
    },
  ];
}

/** Owners with so many messages each in the swarm of one. */
async function fill(network: SwarmNetwork, messages: number): Promise<readonly Owner[]> {
  const node = entryOf(network, 'one');
  const owners = new Owners(messages, () => network.ownerIn('one'));
  for (let stored = 0; stored < READERS * messages; stored += 1) {
    await network.ask(node, inboxStoreEnvelope(owners.next(), DATA_BYTES));
  }
  return owners.all;
}

async function measure(
  network: SwarmNetwork,
  { name, figure, swarm, workers, next }: Case,
  { rounds, seconds }: BenchOptions,
): Promise<{ row: string[]; numbers: Record<string, number> }> {
  const node = entryOf(network, swarm);
  const members = network.members(swarm);
  const run = (time: number): Promise<Driven> =>
    drive({ workers, seconds: time }, async () => {
      const text = await network.ask(node, next());
      if (text.includes('"failed"')) throw new Error(`a member failed: ${text.slice(0, 300)}`);
    });
  await run(WARM_UP_SECONDS);
  const cpuMs: number[] = [];
  const rates: number[] = [];
  const [p50, p99]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const idleUs = await cpuWhileIdle(network, members, seconds / 3);
    const before = network.cpuUs(members);
    const driven = await run(seconds);
    const usedUs = network.cpuUs(members) - before - idleUs * driven.seconds;
    cpuMs.push(usedUs / driven.requests / 1_000);
    rates.push(driven.requests / driven.seconds);
    p50.push(quantile(driven.latenciesMs, 0.5));
    p99.push(quantile(driven.latenciesMs, 0.99));
  }
  const [cpu, middle, late, rate] = [median(cpuMs), median(p50), median(p99), median(rates)];
  return {
    row: [name, cpu.toFixed(2), middle.toFixed(1), late.toFixed(1), rate.toFixed(0)],
    numbers: {
      [`${figure}_cpu_ms`]: rounded(cpu),
      [`${figure}_p50_ms`]: rounded(middle),
      [`${figure}_p99_ms`]: rounded(late),
      [`${figure}_requests_per_second`]: rounded(rate),
    },
  };
}

/** Microseconds of CPU a second. */
async function cpuWhileIdle(network: SwarmNetwork, members: readonly TestNode[], seconds: number): Promise<number> {
  const [before, start] = [network.cpuUs(members), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  return (network.cpuUs(members) - before) / ((performance.now() - start) / 1_000);
}

function entryOf(network: SwarmNetwork, swarm: SwarmSize): TestNode {
  const [entry] = network.members(swarm);
  if (entry === undefined) throw new Error('a swarm without members');
  return entry;
}
