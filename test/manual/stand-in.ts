import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const REPOSITORY = process.cwd();
const COMMANDS_TIMEOUT_MS = 60_000;

/** What the manual does as another user is done as ours: there is one user in a test. */
const PROGRAMS = {
  sudo: 'while [ "$1" = -u ]; do shift 2; done\nexec "$@"',
  chown: 'exit 0',
  starling: `exec "${process.execPath}" "${join(REPOSITORY, 'dist/apps/cli/src/main.js')}" "$@"`,
  npx: '[ "$1" = starling ] && exec "$@"; exit 1',
};

type Environment = Readonly<Record<string, string>>;

/** A folder that stands in for a machine: commands of the manual run in it instead of in `/etc` and `/var`. */
export class StandIn {
  /** Where commands run. */
  readonly home: string;

  private constructor(readonly folder: string) {
    this.home = join(folder, 'home');
  }

  /** `programs`: scripts of others that stand in for what the machine has not. */
  static async make(programs: Environment = {}): Promise<StandIn> {
    const folder = await mkdtemp(join(tmpdir(), 'starling-manual-'));
    for (const name of ['bin', 'etc', 'var', 'home']) await mkdir(join(folder, name));
    for (const [name, script] of Object.entries({ ...PROGRAMS, ...programs })) {
      await writeFile(join(folder, 'bin', name), `#!/bin/sh\n${script}\n`);
      await chmod(join(folder, 'bin', name), 0o755);
    }
    return new StandIn(folder);
  }

  /** A text of the manual or of a unit with the paths of this machine. */
  translated(text: string): string {
    return text
      .replaceAll('/etc/starling', join(this.folder, 'etc'))
      .replaceAll('/var/lib/starling', join(this.folder, 'var'))
      .replaceAll('/opt/starling', REPOSITORY)
      .replaceAll('/usr/bin/node', process.execPath);
  }

  /** Runs commands one after the other in one shell until one fails, and gives back what they printed. */
  async run(commands: readonly string[], env: Environment = {}): Promise<string> {
    const script = this.translated(commands.join('\n'));
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
      ...this.#surroundings(env),
      timeout: COMMANDS_TIMEOUT_MS,
    });
    return stdout;
  }

  /** Runs one that goes on until Ctrl-C, which comes when it has printed something; gives back what it printed. */
  async runUntilItSpeaks(command: string, env: Environment = {}): Promise<string> {
    const child = spawn('bash', ['-c', `exec ${this.translated(command)}`], {
      ...this.#surroundings(env),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const deadline = setTimeout(() => child.kill('SIGKILL'), COMMANDS_TIMEOUT_MS);
    let said = '';
    child.stdout.on('data', (bytes: Buffer) => {
      if (said === '') child.kill('SIGINT');
      said += String(bytes);
    });
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    clearTimeout(deadline);
    if (code !== 0) throw new Error(`${command} ended with ${code ?? signal}: ${said}`);
    return said;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  #surroundings(env: Environment): { cwd: string; env: NodeJS.ProcessEnv } {
    const path = `${join(this.folder, 'bin')}:${process.env.PATH ?? ''}`;
    return { cwd: this.home, env: { ...env, PATH: path, HOME: this.home } };
  }
}
