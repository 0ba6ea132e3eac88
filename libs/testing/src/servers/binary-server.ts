import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Server, ServerRecipe } from './server.js';

/** A server that does not end by itself within this time is killed. */
const STOP_TIMEOUT_MS = 5_000;
const LAST_LINES = 10;

/** A program of this machine, in a directory of its own below the system's temporary directory. */
export class BinaryServer implements Server {
  private child: ChildProcess | null = null;
  private readonly endWithUs = (): void => {
    this.child?.kill('SIGKILL');
  };

  private constructor(
    private readonly path: string,
    private readonly args: readonly string[],
    private readonly dir: string,
  ) {}

  static async prepare(path: string, recipe: ServerRecipe, port: number): Promise<BinaryServer> {
    const dir = await mkdtemp(join(tmpdir(), 'starling-test-'));
    const configPath = join(dir, recipe.configFile);
    await writeFile(configPath, recipe.config({ port, host: '127.0.0.1', dir }), { mode: 0o600 });
    return new BinaryServer(path, recipe.args(configPath), dir);
  }

  async start(): Promise<void> {
    const log = openSync(this.logFile, 'a');
    const child = spawn(this.path, this.args, { cwd: this.dir, stdio: ['ignore', log, log] });
    closeSync(log);
    await once(child, 'spawn');
    this.child = child;
    process.once('exit', this.endWithUs);
  }

  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.dir, { recursive: true, force: true });
  }

  lastWords(): Promise<string> {
    const lines = readFileSync(this.logFile, 'utf8').trimEnd().split('\n');
    return Promise.resolve(lines.slice(-LAST_LINES).join('\n'));
  }

  private get logFile(): string {
    return join(this.dir, 'server.log');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    this.child = null;
    process.removeListener('exit', this.endWithUs);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    const impatience = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(impatience);
  }
}
