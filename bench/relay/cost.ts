import { cpuTimeUs, median } from '../cpu-time.js';
import { load } from '../load.js';
import { rounded, textTable, type BenchOptions, type BenchResult } from '../result.js';
import { RelayRig, SIZES } from './rig.js';

const CONNECTIONS = 32;
const WARM_UP_SECONDS = 2;
/**
 * Compiling counts as CPU of the process, and ours has more to compile than the floor. Its cost falls until some 5,000
 * requests of a size are through, which on a busy machine are not through in seconds.
 */
const WARM_UP_REQUESTS = 8_000;
const US_PER_SECOND = 1e6;

/** CPU of one forwarded hop in our relay, against the floor program on the same bytes, in interleaved rounds. */
export async function benchCost({ rounds, seconds }: BenchOptions): Promise<BenchResult> {
  const rig = await RelayRig.start();
  try {
    const rows: string[][] = [];
    const figures: Record<string, number> = {};
    for (const { name, suffix, bytes } of SIZES) {
      const bodies = rig.onions(bytes);
      const costs = { floor: [] as number[], ours: [] as number[] };
      for (const { origin, path } of rig.subjects)
        await load(origin, path, bodies, {
          connections: CONNECTIONS,
          seconds: WARM_UP_SECONDS,
          atLeast: WARM_UP_REQUESTS,
        });
      for (let round = 0; round < rounds; round += 1) {
        for (const subject of rig.subjects) {
          const before = cpuTimeUs(subject.pid);
          const { requests } = await load(subject.origin, subject.path, bodies, { connections: CONNECTIONS, seconds });
          costs[subject.name].push((cpuTimeUs(subject.pid) - before) / requests);
        }
      }
      const ratios = costs.ours.map((cost, round) => cost / (costs.floor[round] ?? Number.NaN));
      const [floorUs, oursUs, ratio] = [median(costs.floor), median(costs.ours), median(ratios)];
      const perCore = (us: number): string => Math.round(US_PER_SECOND / us).toString();
      rows.push([name, floorUs.toFixed(1), oursUs.toFixed(1), ratio.toFixed(2), perCore(floorUs), perCore(oursUs)]);
      figures[`hop_cpu_us${suffix}`] = rounded(oursUs);
      figures[`floor_cpu_us${suffix}`] = rounded(floorUs);
      figures[`hop_ratio${suffix}`] = rounded(ratio);
      figures[`hops_per_core_second${suffix}`] = Math.round(US_PER_SECOND / oursUs);
      figures[`floor_hops_per_core_second${suffix}`] = Math.round(US_PER_SECOND / floorUs);
    }
    const head = ['one hop', 'floor CPU us', 'ours CPU us', 'ratio', 'floor hops/s a core', 'ours hops/s a core'];
    return { table: textTable(head, rows), figures };
  } finally {
    await rig.stop();
  }
}
