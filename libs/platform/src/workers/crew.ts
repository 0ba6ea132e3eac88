import cluster from 'node:cluster';
import type { Clock } from '../clock.js';
import type { Log } from '../log/log.js';
import { BackOff } from './back-off.js';
import { PastTotals, totalsOf } from './totals.js';
import type { CollectedMetrics } from './worker-messages.js';
import { Worker } from './worker.js';

/** A worker ended before it served. It has told why. */
export class WorkerFailed extends Error {
  constructor(readonly exitCode: number) {
    super('a worker could not start');
    this.name = 'WorkerFailed';
  }
}

export interface CrewOptions {
  readonly service: string;
  readonly size: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** The workers of a service. One that ends is replaced, until all are told to stop. */
export class Crew {
  /** Workers started in the place of others so far. */
  restarts = 0;
  readonly #places: (Worker | undefined)[];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #past = new PastTotals();
  #isStopping = false;

  constructor(private readonly options: CrewOptions) {
    this.#places = Array.from({ length: options.size }, () => undefined);
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  get size(): number {
    return this.options.size;
  }

  get workers(): readonly Worker[] {
    return this.#places.filter((worker) => worker !== undefined);
  }

  /**
   * Settles when all serve. The first one starts alone: what is made at a first start is made once, and a problem is
   * told once. Throws WorkerFailed.
   */
  async start(): Promise<void> {
    cluster.setupPrimary({ serialization: 'advanced' }); // metrics hold NaN, which JSON cannot say
    await this.#startFirst();
    if (this.#isStopping) return;
    const others = Array.from({ length: this.size - 1 }, (_unused, index) => this.#startAt(index + 1));
    await Promise.all(others.map((worker) => Promise.race([worker.started, worker.ended])));
  }

  reload(): void {
    for (const worker of this.workers) worker.tell({ kind: 'reload' });
  }

  /** Each within its own time. Throws when one did not end in order. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const timer of this.#timers) clearTimeout(timer);
    const ending = this.workers.map(async (worker) => {
      worker.stop();
      return worker.ended;
    });
    const codes = await Promise.all(ending);
    if (codes.some((code) => code !== 0)) throw new WorkerFailed(1);
  }

  /** What only grows never falls: of a worker that does not answer or has ended it is what was last heard of it. */
  async collect(): Promise<CollectedMetrics[]> {
    const answered = new Set<Worker>();
    const asking = this.workers.map(async (worker) => {
      if (await worker.collect()) answered.add(worker);
    });
    await Promise.all(asking);
    // Put together at one moment: who ends meanwhile is either among the workers or in the past.
    const present = this.workers.map((worker) => (answered.has(worker) ? worker.metrics : totalsOf(worker.metrics)));
    return [...present, this.#past.metrics];
  }

  async #startFirst(): Promise<void> {
    const first = this.#place(0);
    const code = await Promise.race([first.started, first.ended]);
    if (this.#isStopping) return;
    if (code !== undefined) throw new WorkerFailed(code === 0 ? 1 : code);
    this.#watch(0, first);
  }

  #startAt(place: number): Worker {
    const worker = this.#place(place);
    this.#watch(place, worker);
    return worker;
  }

  #place(place: number): Worker {
    const worker = new Worker(this.options.service);
    this.#places[place] = worker;
    return worker;
  }

  #watch(place: number, worker: Worker, backOff = new BackOff()): void {
    const { clock, log } = this.options;
    const since = clock.monotonicMs();
    void worker.ended.then((code) => {
      this.#places[place] = undefined;
      this.#past.add(worker.metrics);
      if (this.#isStopping) return;
      const waitMs = backOff.afterRunOf(clock.monotonicMs() - since);
      log.warn('worker_ended', { status: code, ms: waitMs, reason: 'another one is started after this time' });
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        this.restarts += 1;
        this.#watch(place, this.#place(place), backOff);
      }, waitMs);
      this.#timers.add(timer);
    });
  }
}
