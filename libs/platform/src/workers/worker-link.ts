import cluster from 'node:cluster';
import type { Registry } from 'prom-client';
import type { Readiness } from '../readiness.js';
import type { FromWorker, ToWorker } from './worker-messages.js';

/** Names the service whose worker a process is: others may be loaded in the same program. */
export const WORKER_OF = 'STARLING_WORKER_OF';

/** The service whose worker this process is; undefined in any other process. */
export function workerOf(): string | undefined {
  return cluster.isWorker ? process.env[WORKER_OF] : undefined;
}

export interface WorkerParts {
  readonly readiness: Readiness;
  readonly registries: readonly Pick<Registry, 'getMetricsAsJSON'>[];
  readonly stop: () => void;
  readonly reload: () => void;
}

/** A worker's side of the line to the first process. */
export class WorkerLink {
  constructor(private readonly parts: WorkerParts) {
    process.on('message', (message: ToWorker) => void this.#hear(message));
    parts.readiness.onChange = () => this.#tellProblems();
    this.#tellProblems();
  }

  started(): void {
    this.#tell({ kind: 'started' });
  }

  async #hear(message: ToWorker): Promise<void> {
    switch (message.kind) {
      case 'stop':
        this.parts.stop();
        return;
      case 'reload':
        this.parts.reload();
        return;
      case 'collect': {
        const parts = await Promise.all(this.parts.registries.map((registry) => registry.getMetricsAsJSON()));
        this.#tell({ kind: 'collected', id: message.id, metrics: parts.flat() });
      }
    }
  }

  #tellProblems(): void {
    this.#tell({ kind: 'problems', problems: this.parts.readiness.problems() });
  }

  /** Without the first process nobody listens, and Node ends this one. */
  #tell(message: FromWorker): void {
    if (process.connected) process.send?.(message);
  }
}
