import { Readiness } from '../readiness.js';
import type { Crew } from './crew.js';

/** Ready when all workers are: with one of them missing, connections wait for the rest. */
export class CrewReadiness extends Readiness {
  constructor(private readonly crew: Crew) {
    super();
  }

  override problems(): Readonly<Record<string, string>> {
    const { workers, size } = this.crew;
    const serving = workers.filter(({ isServing }) => isServing);
    const missing = { workers: `${serving.length} of ${size} processes serve; the others are being started` };
    return Object.assign(
      {},
      ...serving.map(({ problems }) => problems),
      serving.length < size ? missing : {},
      super.problems(),
    ) as Readonly<Record<string, string>>;
  }

  override get isReady(): boolean {
    return Object.keys(this.problems()).length === 0;
  }
}
