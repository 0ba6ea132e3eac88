import type { Aftermath } from './arena.js';
import { atLeast, atMost, exactly, waited, type Finding } from './finding.js';

/** What nobody notices, and what two nodes of one machine differ by when a moment of its is taken by somebody else. */
const UNNOTICED_MS = 100;
/** Somebody honest waits no longer than so many times what they wait elsewhere. */
const TIMES_ELSEWHERE = 2;
/** The loop, and what its runtime does beside it: beyond this, something keeps all the threads of the runtime busy. */
const MOST_CORES = 1.5;
/** How long a client may wait for its first answer while others push: well before it gives up. */
const FIRST_ANSWER_MS = 3_000;

/**
 * What every attack has in common: somebody honest hardly notices. The other node tells how much of a delay is this
 * machine's, on which everybody shares the cores with the attacker. `times`: where an attack is allowed more.
 */
export function unharmed(after: Aftermath, times = TIMES_ELSEWHERE): Finding[] {
  const { elsewhere, honest, loopMs, loopElsewhereMs, cores } = after;
  const bar = (elsewhereMs: number): number => Math.max(times * elsewhereMs, UNNOTICED_MS);
  return [
    atLeast('honest requests', 1, honest.requests),
    exactly(`honest requests that failed${honest.lastFailure && ` (${honest.lastFailure})`}`, 0, honest.failures),
    waited(`honest p99, ms (elsewhere ${Math.round(elsewhere.p99Ms)})`, bar(elsewhere.p99Ms), honest.p99Ms),
    waited('longest honest connect and first answer, ms', FIRST_ANSWER_MS, honest.longestFirstMs),
    waited('event-loop delay p95, ms', bar(loopElsewhereMs), loopMs),
    atMost('CPU of the relay, cores', MOST_CORES, cores),
  ];
}
