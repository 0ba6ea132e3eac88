import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from './engine.js';

/** What a fresh clone with the changes of this one would have, in a folder of its own. */
export class Checkout {
  private constructor(readonly dir: string) {}

  static async create(): Promise<Checkout> {
    const listed = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
    if (listed.code !== 0) throw new Error(`git ls-files: ${listed.stderr}`);
    const files = listed.stdout.split('\0').filter((file) => file !== '' && existsSync(file));
    const dir = await mkdtemp(join(tmpdir(), 'starling-checkout-'));
    const folders = new Set(files.map((file) => dirname(join(dir, file))));
    for (const folder of folders) await mkdir(folder, { recursive: true });
    await Promise.all(files.map((file) => copyFile(file, join(dir, file))));
    return new Checkout(dir);
  }

  remove(): Promise<void> {
    return rm(this.dir, { recursive: true, force: true });
  }
}
