import { setTimeout as pause } from 'node:timers/promises';

/** Short against what is waited for (a server's start takes 10 ms and more), long against the cost of asking. */
const PAUSE_MS = 20;

/** Thrown by a probe when waiting longer is of no use. */
export class GiveUp extends Error {}

/**
 * Asks until the probe stops throwing and gives back what it returned. Throws when the deadline passed, with the last
 * problem in the message, and at once what is a GiveUp.
 */
export async function waitUntil<T>(what: string, timeoutMs: number, probe: () => Promise<T> | T): Promise<T> {
  const deadline = AbortSignal.timeout(timeoutMs);
  for (;;) {
    try {
      return await probe();
    } catch (problem) {
      if (problem instanceof GiveUp) throw problem;
      if (deadline.aborted)
        throw new Error(`${what}: not within ${timeoutMs} ms (${messageOf(problem)})`, { cause: problem });
    }
    await pause(PAUSE_MS);
  }
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
