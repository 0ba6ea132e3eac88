import { setTimeout as pause } from 'node:timers/promises';

/** Ctrl-C, the end of the session, and what service managers send. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interruption {
  readonly signal: AbortSignal;
  /** Lets signals act as usual again. */
  readonly release: () => void;
}

/**
 * Aborted by the first of these signals; a second one ends the process as usual. With `inputToo` also by the end of
 * standard input: whoever started us holds the other end, so we end with them, whatever ends them.
 */
export function interruption(inputToo = false): Interruption {
  const controller = new AbortController();
  const abort = (): void => {
    release();
    controller.abort();
  };
  const release = (): void => {
    for (const name of SIGNALS) process.removeListener(name, abort);
    if (inputToo) process.stdin.removeListener('end', abort).destroy();
  };
  for (const name of SIGNALS) process.on(name, abort);
  if (inputToo) process.stdin.once('end', abort).resume();
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
