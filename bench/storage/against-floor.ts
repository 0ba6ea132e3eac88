import { median } from '../cpu-time.js';
import { drive } from '../drive.js';
import { rounded, textTable, type BenchOptions, type BenchResult } from '../result.js';
import { FloorSwarm } from './floor-swarm.js';
import { inboxStoreEnvelope, Owners } from './requests.js';
import type { SwarmNetwork } from './swarm-network.js';

const DATA_BYTES = 1_024;
const PER_OWNER = 10;
const WORKERS = 16;
/** As of the other requests to a swarm. */
const WARM_UP_SECONDS = 20;

/** A store in a swarm of five, ours against bare programs on the same Redis and NATS, in turns. */
export async function benchAgainstFloor(
  network: SwarmNetwork,
  { rounds, seconds }: BenchOptions,
): Promise<BenchResult> {
  const members = network.members('five');
  const [entry] = members;
  if (entry === undefined) throw new Error('a swarm without members');
  const floor = await FloorSwarm.start(members.length, network.accessOf(entry));
  try {
    const owners = new Owners(PER_OWNER, () => network.ownerIn('five'));
    const programs = () => floor.cpuUs + network.cpuUs([]);
    const costOf = async (place: { readonly url: string }, cpuUs: () => number, time: number): Promise<number> => {
      const before = cpuUs();
      const { requests } = await drive({ workers: WORKERS, seconds: time }, async () => {
        await network.ask(place, inboxStoreEnvelope(owners.next(), DATA_BYTES));
      });
      return (cpuUs() - before) / requests / 1_000;
    };
    const ofOurs = (time: number): Promise<number> => costOf(entry, () => network.cpuUs(members), time);
    const ofFloor = (time: number): Promise<number> => costOf(floor, programs, time);
    await ofOurs(WARM_UP_SECONDS);
    await ofFloor(WARM_UP_SECONDS);
    const [ours, bare]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1) {
      bare.push(await ofFloor(seconds));
      ours.push(await ofOurs(seconds));
    }
    const ratio = median(ours.map((cost, round) => cost / (bare[round] ?? Number.NaN)));
    const row = ['store 1 KiB, 16 at a time', median(bare).toFixed(2), median(ours).toFixed(2), ratio.toFixed(2)];
    return {
      table: textTable(['swarm of 5, CPU ms, all members', 'floor', 'ours', 'ratio'], [row]),
      figures: { swarm5_floor_cpu_ms: rounded(median(bare)), swarm5_floor_ratio: rounded(ratio) },
    };
  } finally {
    floor.stop();
  }
}
