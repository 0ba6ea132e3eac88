import { drive, quantile } from '../drive.js';
import { rounded, textTable, type BenchOptions, type BenchResult } from '../result.js';
import { inboxStoreEnvelope, Owners } from './requests.js';
import type { SwarmNetwork } from './swarm-network.js';

const DATA_BYTES = 1_024;
const PER_OWNER = 10;
/** Stores after the member stopped that may be slow: those that find out. */
const FINDING_OUT_SECONDS = 6;

/** Latency of a store, one at a time, with one of five members stopped, against all five. */
export async function benchStopped(network: SwarmNetwork, { seconds }: BenchOptions): Promise<BenchResult> {
  const [entry, hanging] = network.members('five');
  const pid = hanging?.pids.storage;
  if (entry === undefined || pid === undefined || pid === null) throw new Error('no second member runs');
  const owners = new Owners(PER_OWNER, () => network.ownerIn('five'));
  const run = async (time: number): Promise<readonly number[]> => {
    const ask = async (): Promise<void> => {
      await network.ask(entry, inboxStoreEnvelope(owners.next(), DATA_BYTES));
    };
    return (await drive({ workers: 1, seconds: time }, ask)).latenciesMs;
  };
  const whole = await run(seconds);
  process.kill(pid, 'SIGSTOP');
  try {
    const findingOut = await run(FINDING_OUT_SECONDS);
    const stopped = await run(Math.max(seconds, FINDING_OUT_SECONDS));
    const rows = (
      [
        ['all five', whole],
        ['just stopped', findingOut],
        ['one stopped', stopped],
      ] as const
    ).map(([name, sorted]) => [name, ...[0.5, 0.99, 1].map((share) => quantile(sorted, share).toFixed(1))]);
    const more = (share: number): number => quantile(stopped, share) - quantile(whole, share);
    return {
      table: textTable(['store, 1 at a time', 'p50 ms', 'p99 ms', 'longest ms'], rows),
      figures: {
        stopped_member_first_store_ms: rounded(quantile(findingOut, 1)),
        stopped_member_added_p50_ms: rounded(more(0.5)),
        stopped_member_added_p99_ms: rounded(more(0.99)),
        stopped_member_longest_ms: rounded(quantile(stopped, 1)),
      },
    };
  } finally {
    process.kill(pid, 'SIGCONT');
  }
}
