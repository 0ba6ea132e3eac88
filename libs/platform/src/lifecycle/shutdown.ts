import type { Log } from '../log/log.js';

/** Beyond every drain time of ours; what has not ended by then is cut off. */
const LAST_RESORT_MS = 60_000;

type Close = () => Promise<void>;

const services = new Map<string, { readonly close: Close; readonly log: Log }>();
let isStopping = false;

/**
 * Several services may share a process. The first SIGTERM or SIGINT closes all of them, and the process ends when the
 * last is done; a second signal ends it at once.
 */
export function closeOnSignal(name: string, close: Close, log: Log): void {
  if (services.size === 0) listen();
  services.set(name, { close, log });
}

function listen(): void {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (cause: unknown) => {
      const [service] = services.values();
      service?.log.error('fault', { reason: event, name: cause instanceof Error ? cause.name : 'unknown' });
      if (cause instanceof Error) process.stderr.write(`${cause.stack ?? cause.name}\n`);
      process.exit(1);
    });
  }
}

async function stop(): Promise<void> {
  if (isStopping) process.exit(1);
  isStopping = true;
  setTimeout(() => process.exit(1), LAST_RESORT_MS).unref();
  const outcomes = await Promise.allSettled(
    [...services.values()].map(async ({ close, log }) => {
      log.info('stopping');
      await close();
      log.info('stopped');
    }),
  );
  process.exit(outcomes.some((outcome) => outcome.status === 'rejected') ? 1 : 0);
}
