import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { findBinary, GiveUp } from '#testing';
import type { StandIn } from '../../manual/stand-in.js';

const UNITS = join(process.cwd(), 'systemd');
const STOP_DEADLINE_MS = 40_000;

/** One of our unit files, and what systemd would do with it for one node, as far as a test can: no user, no sandbox. */
export class SystemdUnit {
  private readonly settings: ReadonlyMap<string, readonly string[]>;
  private child: ChildProcess | undefined;
  /** What the process printed. */
  said = '';

  constructor(
    readonly name: string,
    private readonly machine: StandIn,
    private readonly node: string,
  ) {
    const text = readFileSync(join(UNITS, `starling-${name}@.service`), 'utf8').replaceAll('\\\n', ' ');
    const entries = text
      .split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);
    this.settings = new Map(entries.map(([key]) => [key, entries.filter(([each]) => each === key).map(([, v]) => v)]));
  }

  /** Starts its `ExecStart` with its environment. */
  start(): void {
    for (const folder of this.all('StateDirectory')) mkdirSync(join(this.machine.folder, 'var', folder.replace(/^starling\//, '')), { recursive: true }); // prettier-ignore
    const env = this.environment();
    const [program = '', ...args] = this.words(this.all('ExecStart').join(' '), env);
    const path = existsSync(program) ? program : findBinary([program.split('/').at(-1) ?? '']);
    if (path === null) throw new Error(`${program} is not installed`);
    const child = spawn(path, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes: Buffer) => (this.said += String(bytes)));
    this.child = child;
  }

  /** Throws, with what it printed, when it is not running any more. */
  failIfEnded(): void {
    const code = this.child?.exitCode ?? null;
    if (code !== null) throw new GiveUp(`${this.name} ended with ${code}: ${this.said}`);
  }

  /** Ends it as systemd does and gives back its exit code; null when a signal was what ended it. */
  async stop(): Promise<number | null> {
    const { child } = this;
    if (!child) return null;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = once(child, 'close', { signal: AbortSignal.timeout(STOP_DEADLINE_MS) });
    child.kill('SIGTERM');
    const [code] = (await ended) as [number | null];
    return code;
  }

  private environment(): Record<string, string> {
    const files = this.all('EnvironmentFile').map((file) => parseEnv(readFileSync(file, 'utf8')));
    const lines = this.all('Environment').flatMap((line) => line.split(' '));
    return Object.assign({}, ...files, parseEnv(lines.join('\n'))) as Record<string, string>;
  }

  private all(key: string): string[] {
    return (this.settings.get(key) ?? []).map((value) => this.machine.translated(value.replaceAll('%i', this.node)));
  }

  /** Words of a command line, with variables put in, as systemd does it. */
  private words(line: string, env: Readonly<Record<string, string>>): string[] {
    const words = line.match(/"[^"]*"|\S+/g) ?? [];
    return words
      .map((word) => (word.startsWith('"') ? word.slice(1, -1) : word))
      .map((word) => word.replace(/\$\{(\w+)\}/g, (_whole, name: string) => env[name] ?? ''));
  }
}
