import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../../apps/cli/src/program.js';

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command with a home of its own, run inside this process. */
export class CliUnderTest {
  private constructor(
    readonly home: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** `env`: what the command finds in its environment besides its home. */
  static async create(env: NodeJS.ProcessEnv = {}): Promise<CliUnderTest> {
    return new CliUnderTest(await mkdtemp(join(tmpdir(), 'starling-cli-')), env);
  }

  path(...parts: string[]): string {
    return join(this.home, ...parts);
  }

  async run(...argv: string[]): Promise<Run> {
    const said = { stdout: '', stderr: '' };
    const code = await runCli(argv, {
      env: { ...this.env, STARLING_HOME: this.home },
      stdout: { write: (text) => (said.stdout += text) },
      stderr: { write: (text) => (said.stderr += text) },
    });
    return { code, ...said };
  }

  /** What it prints with --json; throws when it fails. */
  async json(...argv: string[]): Promise<Record<string, unknown>> {
    const { code, stdout, stderr } = await this.run(...argv, '--json');
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  remove(): Promise<void> {
    return rm(this.home, { recursive: true, force: true });
  }
}
