import { once } from 'node:events';
import type { Terminal } from '../../terminal/terminal.js';
import type { Launched } from './launch.js';
import { whyEnded } from './ready.js';

/** Watches the processes of a devnet: one that ends is reported, and not started again behind anybody's back. */
export class Supervisor {
  private stopping = false;

  constructor(private readonly terminal: Terminal) {}

  watch(process: Launched): void {
    void process.ended.then(async (ending) => {
      if (this.stopping) return;
      // `devnet stop` ends processes in order; that needs no explanation.
      const isAsked = ending === 'code 0' || ending === 'SIGTERM';
      const { unit, spec } = process;
      const sentence = isAsked ? `${spec.role} of ${unit.name} was stopped.` : await whyEnded(process, ending);
      this.terminal.note(`${sentence} (\`starling devnet start ${unit.name}\` starts it again)`);
    });
  }

  /** From now on processes end because we end them. */
  standDown(): void {
    this.stopping = true;
  }

  /** Returns when the person has had enough. Processes are unreferenced, so something must keep us alive. */
  async untilInterrupted(interrupted: AbortSignal): Promise<void> {
    const alive = setInterval(() => undefined, 60_000);
    if (!interrupted.aborted) await once(interrupted, 'abort');
    clearInterval(alive);
  }
}
