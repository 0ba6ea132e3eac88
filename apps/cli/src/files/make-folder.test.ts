import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeFolder } from './make-folder.js';

const onLinux = process.platform === 'linux' ? it : it.skip;

describe('a new folder', () => {
  let home: string;
  beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), 'folders-'))));
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('is made with those above it, for its owner alone, and may be there already', async () => {
    const path = join(home, 'a', 'b', 'c');
    await Promise.all([makeFolder(path), makeFolder(path)]);
    await makeFolder(path);
    for (const part of ['a', 'a/b', 'a/b/c']) expect((await stat(join(home, part))).mode & 0o777).toBe(0o700);
    await symlink(path, join(home, 'link'));
    await makeFolder(join(home, 'link', 'd'));
    expect((await stat(join(path, 'd'))).isDirectory()).toBe(true);
  });

  it('is refused below a file', async () => {
    await writeFile(join(home, 'file'), '');
    await expect(makeFolder(join(home, 'file', 'a'))).rejects.toThrow(/a part of its path is a file/);
    await expect(makeFolder(join(home, 'file'))).rejects.toThrow(/a part of its path is a file/);
  });

  onLinux('is refused where the system makes none, instead of tried for ever', async () => {
    await expect(makeFolder('/proc/x')).rejects.toThrow('/proc/x cannot be made: there are no new folders in /proc.');
    await expect(makeFolder('/proc/x/y')).rejects.toThrow('there are no new folders in /proc.');
  });
});
