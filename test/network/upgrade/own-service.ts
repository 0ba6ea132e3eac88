import { ServiceProcess } from '#testing';

/** Seven processes that start at the same time on two busy cores. */
const READY_TIMEOUT_MS = 150_000;

/** One service of a node, as a program that is ended and started again. */
export class OwnService {
  readonly #runs: ServiceProcess[] = [];

  constructor(
    readonly name: 'relay' | 'storage' | 'swarm-manager',
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** What it printed, from its first start on. */
  get said(): string {
    return this.#runs.map(({ said }) => said).join('');
  }

  start(): void {
    this.#runs.push(new ServiceProcess(this.name, this.env));
  }

  ready(): Promise<void> {
    return this.#last.ready(READY_TIMEOUT_MS);
  }

  /** As an upgrade ends it; gives its exit code. */
  stop(): Promise<number | null> {
    this.#last.signal('SIGTERM');
    return this.#last.ended;
  }

  /** However it went. */
  async remove(): Promise<void> {
    await Promise.all(this.#runs.map((run) => run.remove()));
  }

  get #last(): ServiceProcess {
    const last = this.#runs.at(-1);
    if (last === undefined) throw new Error(`${this.name} was not started`);
    return last;
  }
}
