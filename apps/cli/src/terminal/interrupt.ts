import { setTimeout as pause } from 'node:timers/promises';

/** Ctrl-C, the end of the session, and what service managers send. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Aborted by the first of these signals; a second one ends the process as usual. Call `release` when done. */
export function interruption(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const abort = (): void => {
    release();
    controller.abort();
  };
  const release = (): void => {
    for (const name of SIGNALS) process.removeListener(name, abort);
  };
  for (const name of SIGNALS) process.on(name, abort);
  return { signal: controller.signal, release };
}

/** Does something again and again until the person has had enough. */
export async function untilInterrupted(everyMs: number, turn: () => Promise<void>): Promise<void> {
  const { signal, release } = interruption();
  try {
    while (!signal.aborted) {
      await turn();
      await pause(everyMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    release();
  }
}
