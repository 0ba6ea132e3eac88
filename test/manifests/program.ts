import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Nothing is lost when it is killed then: its data are a test's. */
const STOP_TIMEOUT_MS = 10_000;
/** Enough for what a program says before it gives up. */
const LAST_WORDS_LENGTH = 4_000;

/** A program that runs beside a test. Ends with it. */
export class Program {
  private readonly child: ChildProcess;
  private lastWords = '';
  private readonly endWithUs = (): void => void this.child.kill('SIGKILL');

  constructor(
    private readonly path: string,
    args: readonly string[],
  ) {
    this.child = spawn(path, [...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.lastWords = (this.lastWords + text).slice(-LAST_WORDS_LENGTH);
    });
    process.once('exit', this.endWithUs);
  }

  /** Throws with its last words when it has ended. */
  expectRunning(): void {
    const { exitCode, signalCode } = this.child;
    if (exitCode === null && signalCode === null) return;
    throw new Error(`${this.path} ended (${exitCode ?? signalCode ?? ''}): ${this.lastWords}`);
  }

  async end(): Promise<void> {
    process.removeListener('exit', this.endWithUs);
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const impatience = setTimeout(() => this.child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(impatience);
  }
}
