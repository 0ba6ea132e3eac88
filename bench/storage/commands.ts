import { randomBytes } from 'node:crypto';
import { SystemClock } from '#platform';
import { AccountId, encodeForwarded } from '#protocol';
import { median } from '../cpu-time.js';
import { drive } from '../drive.js';
import { rounded, textTable, type BenchOptions, type BenchResult } from '../result.js';
import { Owners } from './requests.js';
import { StorageProcess } from './storage-process.js';

const DATA_BYTES = 1_024;
const TTL_MS = 86_400_000;
const INBOX = 0;
const PER_OWNER = 10;
/** Stores in one message from the relay. */
const TOGETHER = [1, 4, 16] as const;
/** Stores under way at the same time, however they travel. */
const STORES = 16;
const WARM_UP_STORES = 5_000;

const clock = new SystemClock();

/** What a store that another member passed on costs, by how many of them the relay hands over in one message. */
export async function benchCommands({ rounds, seconds }: BenchOptions): Promise<BenchResult> {
  const world = await StorageProcess.start();
  try {
    const owners = new Owners(PER_OWNER);
    const send = (together: number): Promise<void> =>
      world.passOn(
        'store',
        Array.from({ length: together }, () => paramsFor(owners.next().account)),
      );
    for (let sent = 0; sent < WARM_UP_STORES; sent += STORES) await send(STORES);
    const costs = new Map<number, number[]>(TOGETHER.map((together) => [together, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const together of TOGETHER)
        costs.get(together)?.push(await costOf(world, together, () => send(together), seconds));
    }
    const lines = [...costs].map(([together, each]) => ({ together, us: median(each) }));
    return {
      table: textTable(
        ['store of a member, in one message', 'CPU of storage + Redis, us'],
        lines.map(({ together, us }) => [String(together), us.toFixed(0)]),
      ),
      figures: Object.fromEntries(lines.map(({ together, us }) => [`passed_on_${together}_cpu_us`, rounded(us)])),
    };
  } finally {
    await world.stop();
  }
}

async function costOf(
  world: StorageProcess,
  together: number,
  send: () => Promise<void>,
  seconds: number,
): Promise<number> {
  let messages = 0;
  const cpuUs = await world.cpuUsOf(world.pid, async () => {
    ({ requests: messages } = await drive({ workers: STORES / together, seconds }, send));
  });
  return cpuUs / messages / together;
}

function paramsFor(account: string): Uint8Array {
  const timestampMs = clock.now();
  return encodeForwarded({
    method: 'store',
    account: AccountId.parse(account),
    namespace: INBOX,
    timestampMs,
    expiryMs: timestampMs + TTL_MS,
    data: randomBytes(DATA_BYTES),
    proof: null,
  });
}
