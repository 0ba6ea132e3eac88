import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../../..');
const SCRIPT = join(ROOT, 'scripts/check-dependencies.mjs');
const FILES = ['package.json', 'package-lock.json', '.npmrc'];
const PINO = 'node_modules/pino';

interface Lock {
  readonly packages: Record<string, Record<string, unknown>>;
}

describe('npm run check:dependencies', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'starling-dependencies-'));
    for (const file of FILES) await copyFile(join(ROOT, file), join(folder, file));
  });
  afterEach(() => rm(folder, { recursive: true }));

  /** The exit code, and what is wrong, a line each. */
  const check = (): Promise<{ code: number; lines: string[] }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [SCRIPT, folder], (error, _output, errors) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, lines: errors.trim().split('\n') });
      });
    });

  async function edit(file: string, change: (text: string) => string): Promise<void> {
    const path = join(folder, file);
    await writeFile(path, change(await readFile(path, 'utf8')));
  }

  const inLock = (changes: Record<string, Record<string, unknown>>) => (text: string) => {
    const lock = JSON.parse(text) as Lock;
    for (const [path, change] of Object.entries(changes)) lock.packages[path] = { ...lock.packages[path], ...change };
    return JSON.stringify(lock);
  };

  it('finds nothing wrong with ours', async () => {
    expect(await check()).toMatchObject({ code: 0 });
  });

  it.each([
    [
      'a version that may change',
      'package.json',
      (text: string) => text.replace('"pino": "', '"pino": "^'),
      /pino \^.* is no exact version/,
    ],
    ['scripts that run', '.npmrc', () => '', /\.npmrc: ignore-scripts=true is missing/],
    [
      'a package without a hash',
      'package-lock.json',
      inLock({ [PINO]: { integrity: undefined } }),
      /pino: .* no sha512/,
    ],
    ['a weak hash', 'package-lock.json', inLock({ [PINO]: { integrity: 'sha1-AAAA' } }), /pino: .* no sha512/],
    [
      'a new install script',
      'package-lock.json',
      inLock({ [PINO]: { hasInstallScript: true } }),
      /pino: has an install script/,
    ],
    [
      'a licence that asks for more',
      'package-lock.json',
      inLock({ [PINO]: { license: 'AGPL-3.0' } }),
      /pino: its licence AGPL-3\.0/,
    ],
    [
      'one of two licences',
      'package-lock.json',
      inLock({ [PINO]: { license: 'MIT AND GPL-3.0' } }),
      /pino: its licence MIT AND/,
    ],
    ['no licence', 'package-lock.json', inLock({ [PINO]: { license: undefined } }), /pino: its licence \(none\)/],
    [
      'a package from a branch',
      'package-lock.json',
      inLock({ [PINO]: { resolved: 'git+ssh://a.example/b.git#c' } }),
      /pino: comes from another place/,
    ],
    [
      'a second registry',
      'package-lock.json',
      inLock({ 'node_modules/zod': { resolved: 'https://a.example/z' }, [PINO]: { resolved: 'https://b.example/p' } }),
      /(pino|zod): comes from another place/,
    ],
  ])('names %s', async (_what, file, change, problem) => {
    await edit(file, change);
    const { code, lines } = await check();
    expect(code).toBe(1);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(problem);
  });

  it('names a build that goes past the lock file, and takes one licence of several', async () => {
    await writeFile(join(folder, 'Dockerfile'), 'RUN npm install\n');
    await edit('package-lock.json', inLock({ [PINO]: { license: '(GPL-3.0 OR MIT)' } }));
    expect((await check()).lines[0]).toBe('Dockerfile: installs without the lock file; use npm ci');
  });
});
