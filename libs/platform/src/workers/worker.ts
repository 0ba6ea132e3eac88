import cluster, { type Worker as ClusterWorker } from 'node:cluster';
import { WORKER_OF } from './worker-link.js';
import type { CollectedMetrics, FromWorker, ToWorker } from './worker-messages.js';

/** Metrics are a matter of milliseconds; of a worker that is busy for longer a scrape has what it told before. */
const COLLECT_TIMEOUT_MS = 2_000;

/** A process that shares the ports of a service with others, as the first process sees it. */
export class Worker {
  /** What keeps it from its work, by name. */
  problems: Readonly<Record<string, string>> = { start: 'it is starting' };
  isServing = false;
  /** What it told last. */
  metrics: CollectedMetrics = [];
  readonly started: Promise<void>;
  /** Its exit code; 1 when a signal ended it. */
  readonly ended: Promise<number>;
  readonly #process: ClusterWorker;
  readonly #collecting = new Map<number, (isAnswered: boolean) => void>();
  #nextCollection = 0;

  constructor(service: string) {
    this.#process = cluster.fork({ [WORKER_OF]: service });
    this.started = new Promise((resolve) => {
      this.#process.on('message', (message: FromWorker) => {
        if (message.kind === 'started') {
          this.isServing = true;
          resolve();
        } else {
          this.#hear(message);
        }
      });
    });
    this.ended = new Promise((resolve) => {
      this.#process.once('exit', (code: number | null) => {
        this.isServing = false;
        for (const end of this.#collecting.values()) end(false);
        resolve(code ?? 1);
      });
    });
  }

  tell(message: ToWorker): void {
    if (this.#process.isConnected()) this.#process.send(message);
  }

  /** In order when it serves, otherwise at once. */
  stop(): void {
    if (this.isServing) this.tell({ kind: 'stop' });
    else this.#process.process.kill('SIGTERM');
  }

  /** Asks for its metrics; false when it does not answer in time or has ended. */
  collect(): Promise<boolean> {
    const id = this.#nextCollection++;
    return new Promise((resolve) => {
      const end = (isAnswered: boolean): void => {
        clearTimeout(timer);
        this.#collecting.delete(id);
        resolve(isAnswered);
      };
      const timer = setTimeout(() => end(false), COLLECT_TIMEOUT_MS);
      this.#collecting.set(id, end);
      this.tell({ kind: 'collect', id });
    });
  }

  #hear(message: Exclude<FromWorker, { kind: 'started' }>): void {
    if (message.kind === 'problems') {
      this.problems = message.problems;
    } else {
      this.metrics = message.metrics; // also one that comes too late: a worker answers in order
      this.#collecting.get(message.id)?.(true);
    }
  }
}
