import { Pool } from 'undici';
import { cpuTimeUs } from '../cpu-time.js';
import { load } from '../load.js';
import { rounded, textTable, type BenchOptions, type BenchResult } from '../result.js';
import { RelayRig, type Subject } from './rig.js';

const ONION_BYTES = 2_048;
const CONNECTIONS = 64;
/** The cost of a request depends on how many come: the rate is found in steps. */
const FIRST_PER_SECOND = 1_000;
const CALIBRATIONS = 3;
const CALIBRATION_SECONDS = 3;
const MOST_AT_ONCE = 3;
const SECONDS = 10;
const WANTED_SHARE = 0.7;
/** How often requests that are due are sent: clients do not wait for each other. */
const TICK_MS = 2;

interface Delay {
  readonly p50: number;
  readonly p99: number;
}

/** How late the relay's event loop is when requests come at a rate that takes about 70 % of a core. */
export async function benchDelay(_options: BenchOptions): Promise<BenchResult> {
  const rig = await RelayRig.start({ probe: new URL('./delay-probe.js', import.meta.url) });
  try {
    const { origin, path } = rig.ours;
    const bodies = rig.onions(ONION_BYTES);
    await load(origin, path, bodies, { connections: CONNECTIONS, seconds: CALIBRATION_SECONDS });
    let perSecond = FIRST_PER_SECOND;
    for (let round = 0; round < CALIBRATIONS; round += 1) {
      const used = await shareAtRate(rig.ours, bodies, perSecond, CALIBRATION_SECONDS);
      perSecond *= Math.min(MOST_AT_ONCE, WANTED_SHARE / used);
    }
    await rig.askProbe<Delay>(); // forgets the calibration
    const share = await shareAtRate(rig.ours, bodies, perSecond, SECONDS);
    const { p50, p99 } = await rig.askProbe<Delay>();
    return {
      table: textTable(
        ['event loop of the relay', 'requests/s', 'CPU of one core', 'delay p50 ms', 'delay p99 ms'],
        [['2 KiB', perSecond.toFixed(0), `${(share * 100).toFixed(0)} %`, p50.toFixed(1), p99.toFixed(1)]],
      ),
      figures: {
        loop_delay_p50_ms: rounded(p50),
        loop_delay_p99_ms: rounded(p99),
        loop_delay_cpu_share: rounded(share),
      },
    };
  } finally {
    await rig.stop();
  }
}

/** The part of a core that the relay uses when so many requests come a second. */
async function shareAtRate(
  { origin, path, pid }: Subject,
  bodies: readonly Uint8Array[],
  perSecond: number,
  seconds: number,
): Promise<number> {
  const before = cpuTimeUs(pid);
  const took = await sendAtRate(origin, path, bodies, perSecond, seconds);
  return (cpuTimeUs(pid) - before) / 1e6 / took;
}

/** Sends so many a second whether or not earlier ones were answered; gives back how long it took. */
async function sendAtRate(
  origin: string,
  path: string,
  bodies: readonly Uint8Array[],
  perSecond: number,
  seconds: number,
): Promise<number> {
  const pool = new Pool(origin, { connections: CONNECTIONS, connect: { rejectUnauthorized: false }, pipelining: 1 });
  const start = performance.now();
  const running = new Set<Promise<void>>();
  let sent = 0;
  const send = async (): Promise<void> => {
    const answer = await pool.request({ method: 'POST', path, body: bodies[sent++ % bodies.length] ?? '' });
    await answer.body.dump();
    if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}`);
  };
  await new Promise<void>((resolve, reject) => {
    const timer = setInterval(() => {
      const elapsed = (performance.now() - start) / 1_000;
      while (sent < elapsed * perSecond && elapsed < seconds) {
        const one: Promise<void> = send().finally(() => running.delete(one));
        running.add(one);
        one.catch(reject);
      }
      if (elapsed < seconds) return;
      clearInterval(timer);
      resolve();
    }, TICK_MS);
  });
  await Promise.all(running);
  await pool.close();
  return (performance.now() - start) / 1_000;
}
