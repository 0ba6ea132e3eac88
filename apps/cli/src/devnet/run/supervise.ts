import { once } from 'node:events';
import type { Terminal } from '../../terminal/terminal.js';
import type { Ending, Launched } from './launch.js';
import { whyEnded } from './ready.js';

/** Watches the processes of a devnet: one that ends is reported, and not started again behind anybody's back. */
export class Supervisor {
  private isOnDuty = false;
  private readonly endedBefore: (() => Promise<void>)[] = [];

  constructor(private readonly terminal: Terminal) {}

  /** Reports the end of a process, unless that happens while the devnet is being started or stopped. */
  watch(process: Launched): void {
    void process.ended.then((ending) => {
      if (this.isOnDuty) void this.report(process, ending);
      else this.endedBefore.push(() => this.report(process, ending));
    });
  }

  /** The devnet is up: from now on the end of a process is news. */
  async begin(): Promise<void> {
    this.isOnDuty = true;
    for (const report of this.endedBefore) await report();
  }

  /** From now on processes end because we end them. */
  standDown(): void {
    this.isOnDuty = false;
  }

  /** Returns when the person has had enough. Processes are unreferenced, so something must keep us alive. */
  async untilInterrupted(interrupted: AbortSignal): Promise<void> {
    const alive = setInterval(() => undefined, 60_000);
    if (!interrupted.aborted) await once(interrupted, 'abort');
    clearInterval(alive);
  }

  private async report(process: Launched, ending: Ending): Promise<void> {
    const { unit, spec } = process;
    const who = unit.processes.length > 1 ? `${spec.role} of ${unit.name}` : unit.name;
    // `devnet stop` ends processes in order; that needs no explanation.
    const isAsked = ending === 'code 0' || ending === 'SIGTERM';
    const sentence = isAsked ? `${who} was stopped` : await whyEnded(process, ending);
    this.terminal.note(`${sentence} (\`starling devnet start ${unit.name}\` starts it again)`);
  }
}
