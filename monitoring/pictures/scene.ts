import { setTimeout as pause } from 'node:timers/promises';
import { SystemClock } from '#platform';
import type { Span, TestNetwork } from '#testing';
import { Traffic } from '../../test/monitoring/traffic.js';

/** What is shown: long enough for a node to go and come back, and for alerts to begin to wait. */
export const SHOWN_SECONDS = 300;
/** The third node is away from then until then. */
const AWAY_FROM_SECONDS = 110;
const BACK_AT_SECONDS = 200;
/** Of the first scrapes, in which no rate is known yet. */
const BEFORE_SECONDS = 30;
const STEP_SECONDS = 4;
/** Clients come and go: the time between two rounds of requests grows and shrinks within these bounds. */
const LEAST_PAUSE_MS = 60;
const MOST_PAUSE_MS = 400;
const WAVE_SECONDS = 75;
/** Of so many rounds one has the requests that are refused. */
const ROUNDS_PER_REFUSAL = 8;

const clock = new SystemClock();

const until = async (seconds: number): Promise<void> => pause(Math.max(0, seconds * 1_000 - clock.now()));

/** What is to be seen, and how many rounds of requests had one without an answer. */
export interface Scene {
  readonly span: Span;
  readonly failedRounds: number;
}

/** Traffic at the first of three nodes for the whole time, and the third away for a part of it. */
export async function play({ nodes }: TestNetwork): Promise<Scene> {
  const [here, there, third] = nodes;
  if (here === undefined || there === undefined || third === undefined) throw new Error('three nodes are needed');
  const traffic = await Traffic.at(here, there);
  const from = Math.floor(clock.now() / 1_000) + BEFORE_SECONDS;
  const over = new AbortController();
  const coming = come(traffic, over.signal);
  try {
    await until(from + AWAY_FROM_SECONDS);
    await third.stop();
    await until(from + BACK_AT_SECONDS);
    await third.start();
    await until(from + SHOWN_SECONDS);
  } finally {
    over.abort();
    await coming;
    await traffic.stop();
  }
  return { span: { from, to: from + SHOWN_SECONDS, step: STEP_SECONDS }, failedRounds: await coming };
}

/** Rounds of requests until it is over. Gives how many failed: on a busy machine some do. */
async function come(traffic: Traffic, over: AbortSignal): Promise<number> {
  let failed = 0;
  for (let round = 0; !over.aborted; round += 1) {
    try {
      await (round % ROUNDS_PER_REFUSAL === 0 ? traffic.refused() : traffic.ordinary());
    } catch {
      failed += 1;
    }
    const share = (1 + Math.sin((2 * Math.PI * clock.monotonicMs()) / (WAVE_SECONDS * 1_000))) / 2;
    await pause(LEAST_PAUSE_MS + share * (MOST_PAUSE_MS - LEAST_PAUSE_MS));
  }
  return failed;
}
