import { median } from '../cpu-time.js';
import { drive } from '../drive.js';
import { rounded, textTable, type BenchOptions, type BenchResult } from '../result.js';
import { Owners, retrieveEnvelope, storeEnvelope, type Owner } from './requests.js';
import { StorageProcess } from './storage-process.js';

const DATA_BYTES = 1_024;
const PER_OWNER = 10;
/** Mailboxes that are read in turns. */
const READERS = 200;
const WORKERS = 16;
const WARM_UP_SECONDS = 1.5;

const FLOOR_SUBJECT = 'floor.storage';

interface Target {
  readonly name: 'floor' | 'ours';
  readonly pid: number;
  readonly subject: string | undefined;
}

/** CPU of the service and Redis for one request, ours against the floor program, in interleaved rounds. */
export async function benchCost({ rounds, seconds }: BenchOptions): Promise<BenchResult> {
  const world = await StorageProcess.start();
  try {
    const floorPid = await world.startBeside('bench/floor/storage-floor.js');
    const targets: readonly Target[] = [
      { name: 'floor', pid: floorPid, subject: FLOOR_SUBJECT },
      { name: 'ours', pid: world.pid, subject: undefined },
    ];
    const readers = await fillReaders(world, targets);
    const owners = new Owners(PER_OWNER);
    const operations = [
      { name: 'store 1 KiB', figure: 'store', next: () => storeEnvelope(owners.next(), DATA_BYTES) },
      { name: 'retrieve 10 x 1 KiB', figure: 'retrieve_10', next: retrieveInTurn(readers) },
    ];
    const rows: string[][] = [];
    const figures: Record<string, number> = {};
    for (const { name, figure, next } of operations) {
      const costs = { floor: [] as number[], ours: [] as number[] };
      const run = (target: Target, time: number): Promise<number> => costOf(world, target, next, time);
      for (const target of targets) await run(target, WARM_UP_SECONDS);
      for (let round = 0; round < rounds; round += 1) {
        for (const target of targets) costs[target.name].push(await run(target, seconds));
      }
      const ratios = costs.ours.map((cost, round) => cost / (costs.floor[round] ?? Number.NaN));
      const [floorUs, oursUs, ratio] = [median(costs.floor), median(costs.ours), median(ratios)];
      rows.push([name, floorUs.toFixed(0), oursUs.toFixed(0), ratio.toFixed(2)]);
      figures[`${figure}_floor_cpu_us`] = rounded(floorUs);
      figures[`${figure}_cpu_us`] = rounded(oursUs);
      figures[`${figure}_ratio`] = rounded(ratio);
    }
    return { table: textTable(['CPU of storage + Redis', 'floor us', 'ours us', 'ratio'], rows), figures };
  } finally {
    await world.stop();
  }
}

async function costOf(
  world: StorageProcess,
  { pid, subject }: Target,
  next: () => Buffer,
  seconds: number,
): Promise<number> {
  let requests = 0;
  const cpuUs = await world.cpuUsOf(pid, async () => {
    const driven = await drive({ workers: WORKERS, seconds }, async () => {
      await world.ask(next(), subject);
    });
    ({ requests } = driven);
  });
  return cpuUs / requests;
}

/** Ten messages each, in both. */
async function fillReaders(world: StorageProcess, targets: readonly Target[]): Promise<readonly Owner[]> {
  const owners = new Owners(PER_OWNER);
  for (let count = 0; count < READERS * PER_OWNER; count += WORKERS) {
    const envelopes = Array.from({ length: WORKERS }, () => storeEnvelope(owners.next(), DATA_BYTES));
    await Promise.all(targets.flatMap(({ subject }) => envelopes.map((envelope) => world.ask(envelope, subject))));
  }
  return owners.all;
}

function retrieveInTurn(readers: readonly Owner[]): () => Buffer {
  let turn = 0;
  return () => {
    const owner = readers[turn++ % readers.length];
    if (owner === undefined) throw new Error('nobody to read for');
    return retrieveEnvelope(owner);
  };
}
