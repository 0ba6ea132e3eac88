import { execFile } from 'node:child_process';
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

/** A folder that stands in for a machine: commands of the manual run in it instead of in `/etc` and `/var`. */
export class StandIn {
  private constructor(readonly folder: string) {}

  static async make(): Promise<StandIn> {
    const folder = await mkdtemp(join(tmpdir(), 'starling-manual-'));
    for (const name of ['bin', 'etc', 'var', 'home']) await mkdir(join(folder, name));
    for (const [name, script] of Object.entries(PROGRAMS)) {
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

  /** Runs blocks of commands one after the other in one shell until one fails, and gives back what they printed. */
  async run(blocks: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    const script = this.translated(blocks.join('\n'));
    const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: join(this.folder, 'home'),
      timeout: COMMANDS_TIMEOUT_MS,
      env: { ...env, PATH: `${join(this.folder, 'bin')}:${process.env.PATH ?? ''}`, HOME: join(this.folder, 'home') },
    });
    return stdout;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
