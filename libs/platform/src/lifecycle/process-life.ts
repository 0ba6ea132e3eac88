import { faultFields } from '../log/fault-fields.js';
import type { Log } from '../log/log.js';
import { endedWithin } from '../within.js';

/** Beyond every drain time of ours; what has not ended by then is cut off. */
const LAST_RESORT_MS = 60_000;

/** One of the services of this process. */
export interface RunningService {
  readonly name: string;
  readonly log: Log;
  /** Ends it in order. Called once. */
  readonly close: () => Promise<void>;
}

/** The part of `process` that is used here. */
export interface ProcessHost {
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  exit(code: number): void;
}

/**
 * Several services may share a process. The first SIGTERM or SIGINT closes all of them, the last one started first: the
 * door is started last, and what it still has in its hands needs the services behind it. A second signal ends the
 * process at once, and so does a fault that nobody caught.
 */
export class ProcessLife {
  readonly #services: RunningService[] = [];
  #isListening = false;
  #isStopping = false;
  #hasSignal = false;

  constructor(
    private readonly host: ProcessHost,
    private readonly lastResortMs = LAST_RESORT_MS,
  ) {}

  /** To be called before anything is started. */
  listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    for (const signal of ['SIGTERM', 'SIGINT']) this.host.on(signal, () => this.#signal());
    for (const event of ['uncaughtException', 'unhandledRejection']) {
      this.host.on(event, (cause) => this.#fault(event, cause));
    }
  }

  /**
   * As the first signal does; nothing when that has come already. It is none itself: a terminal or a supervisor sends
   * one to a service and its workers at the same time, and a worker may hear of it from its first process before.
   */
  stop(): void {
    if (!this.#isStopping) void this.#stop();
  }

  add(service: RunningService): void {
    this.#services.push(service);
  }

  #fault(event: string, cause: unknown): void {
    const fields = faultFields(cause);
    const log = this.#services.at(-1)?.log;
    if (log === undefined)
      process.stderr.write(`could not start: ${event}, ${fields.name ?? ''} at ${fields.at ?? ''}\n`);
    else log.error('fault', { reason: event, ...fields });
    this.host.exit(1);
  }

  #signal(): void {
    if (this.#hasSignal) this.host.exit(1);
    this.#hasSignal = true;
    this.stop();
  }

  async #stop(): Promise<void> {
    this.#isStopping = true;
    const outcomes: boolean[] = [];
    const closing = async (): Promise<void> => {
      for (const service of this.#services.toReversed()) outcomes.push(await closed(service));
    };
    const isDone = await endedWithin(closing(), this.lastResortMs);
    if (!isDone) this.#services.at(0)?.log.warn('stop_cut_short', { ms: this.lastResortMs });
    this.host.exit(isDone && !outcomes.includes(false) ? 0 : 1);
  }
}

async function closed({ close, log }: RunningService): Promise<boolean> {
  log.info('stopping');
  try {
    await close();
  } catch (cause) {
    log.error('stop_failed', faultFields(cause));
    return false;
  }
  log.info('stopped');
  return true;
}

/** The life of this very process. */
export const processLife = new ProcessLife(process);
