import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

interface ProgramOptions {
  /** Of Node, such as `--cpu-prof`. */
  readonly flags?: readonly string[];
  readonly args?: readonly string[];
  /** In place of ours. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A folder and the programs of a bench: gone when the bench ends, whatever ends it. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'starling-bench-'));
  readonly #children: ChildProcess[] = [];
  readonly #close = (): void => this.close();

  constructor() {
    process.once('exit', this.#close);
  }

  /** Of the programs, in the order of their start. */
  get pids(): readonly number[] {
    return this.#children.flatMap(({ pid }) => pid ?? []);
  }

  /** Starts a program of this project, such as `apps/relay/src/main.js`. */
  start(program: string, options: ProgramOptions = {}): ChildProcess {
    return this.#spawn(program, options, 'ignore');
  }

  /** Starts a program that says on its first line that it is ready, and gives that line. */
  async startTelling(program: string, options: ProgramOptions = {}): Promise<{ child: ChildProcess; line: string }> {
    const child = this.#spawn(program, options, 'pipe');
    if (child.stdout === null) throw new Error('no output to read');
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${program} has ended`)));
    const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as [string];
    ended.catch(() => undefined); // from here on, requests fail
    return { child, line };
  }

  close(): void {
    process.removeListener('exit', this.#close);
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  #spawn(program: string, { flags = [], args = [], env }: ProgramOptions, output: 'ignore' | 'pipe'): ChildProcess {
    const path = fileURLToPath(new URL(`../${program}`, import.meta.url));
    const child = spawn(process.execPath, [...flags, path, ...args], { stdio: ['ignore', output, 'inherit'], env });
    this.#children.push(child);
    return child;
  }
}
