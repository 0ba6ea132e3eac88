import { request } from 'undici';
import type { TestNode } from '#testing';

/** An idle node answers in a millisecond; one under attack still has to. */
const ANSWER_WITHIN_MS = 10_000;
const DELAY_BUCKET = /^event_loop_delay_seconds_bucket\{le="([^"]+)"\} (\d+)$/gm;
const CPU_SECONDS = /^process_cpu_seconds_total (\S+)$/m;

/** What a relay says of itself at one moment. */
export interface Vitals {
  readonly atMs: number;
  readonly cpuSeconds: number;
  /** Bucket to how many looks at the event loop found at most that delay, in seconds. */
  readonly delays: ReadonlyMap<number, number>;
}

/** Reads the relay's own metrics. */
export async function vitalsOf(node: TestNode): Promise<Vitals> {
  const url = node.info.admin_urls?.relay;
  if (url === undefined) throw new Error(`the relay of ${node.name} does not run by itself`);
  const answer = await request(`${url}/metrics`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
  return readVitals(await answer.body.text(), performance.now());
}

/** Of the text that a scrape gives. Throws when it lacks what we want. */
export function readVitals(text: string, atMs: number): Vitals {
  const [, cpu] = CPU_SECONDS.exec(text) ?? [];
  const delays = new Map(
    [...text.matchAll(DELAY_BUCKET)].map(([, le, count]) => [le === '+Inf' ? Infinity : Number(le), Number(count)]),
  );
  if (cpu === undefined || delays.size === 0) throw new Error('the relay does not tell its CPU or its event loop');
  return { atMs, cpuSeconds: Number(cpu), delays };
}

/** Cores in use, on average between the two. */
export function coresBetween(before: Vitals, after: Vitals): number {
  return (1_000 * (after.cpuSeconds - before.cpuSeconds)) / (after.atMs - before.atMs);
}

/** The smallest bucket that at least `share` of the looks between the two fit in, in ms; NaN when there were none. */
export function delayMsBetween(before: Vitals, after: Vitals, share: number): number {
  const counts = [...after.delays].map(([le, count]) => [le, count - (before.delays.get(le) ?? 0)] as const);
  const total = Math.max(...counts.map(([, count]) => count));
  if (total === 0) return Number.NaN;
  const fitting = counts.filter(([, count]) => count >= share * total).map(([le]) => le);
  return 1_000 * Math.min(...fitting);
}
