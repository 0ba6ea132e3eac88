import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { compiledProgram, type App } from '../compiled-program.js';
import { waitUntil } from '../servers/wait-until.js';

/** Several processes on two busy cores. */
const READY_TIMEOUT_MS = 60_000;

/** A service as an operator starts it: its program, with settings and nothing else. */
export class ServiceProcess {
  /** What it printed. */
  said = '';
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(
    readonly name: Exclude<App, 'cli'>,
    private readonly env: Readonly<NodeJS.ProcessEnv>,
  ) {
    const child = spawn(process.execPath, [compiledProgram(name)], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes: Buffer) => (this.said += bytes.toString()));
    }
    this.ended = once(child, 'close').then(([code]) => code as number | null);
    this.#child = child;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Of its admin port, where its settings name one. */
  get adminUrl(): string {
    const prefix = this.name.toUpperCase().replace('-', '_');
    return `http://127.0.0.1:${this.env[`${prefix}_ADMIN_PORT`] ?? 0}`;
  }

  ready(timeoutMs = READY_TIMEOUT_MS): Promise<void> {
    return waitUntil(`the ${this.name}`, timeoutMs, async () => {
      const reply = await fetch(`${this.adminUrl}/health/ready`);
      if (reply.status !== 200) throw new Error(`${await reply.text()} ${this.said}`);
    });
  }

  async metrics(): Promise<string> {
    return (await fetch(`${this.adminUrl}/metrics`)).text();
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** To be called at the end, however it went. */
  async remove(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill('SIGKILL');
    await this.ended;
  }
}
