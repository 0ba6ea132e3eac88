import { cpuTimeUs, median } from '../cpu-time.js';
import { load } from '../load.js';
import { rounded, textTable, type BenchOptions, type BenchResult } from '../result.js';
import { RelayRig, SIZES } from './rig.js';

const CONNECTIONS = 32;
const WARM_UP_SECONDS = 2;
const WARM_UP_REQUESTS = 8_000;

/** CPU of the door for a request on a kept connection, beside that of the relay behind it. */
export async function benchDoor({ rounds, seconds }: BenchOptions): Promise<BenchResult> {
  const rig = await RelayRig.start({ hasDoor: true });
  try {
    const rows: string[][] = [];
    const figures: Record<string, number> = {};
    const { origin, path, pid } = rig.ours;
    for (const { name, suffix, bytes } of SIZES) {
      const bodies = rig.onions(bytes);
      const warmUp = { connections: CONNECTIONS, seconds: WARM_UP_SECONDS, atLeast: WARM_UP_REQUESTS };
      await load(origin, path, bodies, warmUp);
      const costs = { door: [] as number[], relay: [] as number[] };
      for (let round = 0; round < rounds; round += 1) {
        const before = { door: cpuTimeUs(rig.doorPid), relay: cpuTimeUs(pid) };
        const { requests } = await load(origin, path, bodies, { connections: CONNECTIONS, seconds });
        costs.door.push((cpuTimeUs(rig.doorPid) - before.door) / requests);
        costs.relay.push((cpuTimeUs(pid) - before.relay) / requests);
      }
      const [doorUs, relayUs] = [median(costs.door), median(costs.relay)];
      rows.push([name, doorUs.toFixed(1), relayUs.toFixed(1)]);
      figures[`door_cpu_us${suffix}`] = rounded(doorUs);
      figures[`behind_door_cpu_us${suffix}`] = rounded(relayUs);
    }
    return { table: textTable(['one hop through a door', 'door CPU us', 'relay CPU us'], rows), figures };
  } finally {
    await rig.stop();
  }
}
