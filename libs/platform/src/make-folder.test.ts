import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeFolder } from './make-folder.js';

const onLinux = process.platform === 'linux' ? it : it.skip;

describe('a folder for state', () => {
  let home: string;
  beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'folders-'))));
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it('is made with those above it, for its owner alone, and may be there already', () => {
    makeFolder(join(home, 'a', 'b'));
    makeFolder(join(home, 'a', 'b'));
    for (const part of ['a', 'a/b']) expect(statSync(join(home, part)).mode & 0o777).toBe(0o700);
  });

  it('is refused below a file', () => {
    writeFileSync(join(home, 'file'), '');
    expect(() => makeFolder(join(home, 'file', 'a'))).toThrow('ENOTDIR');
    expect(() => makeFolder(join(home, 'file'))).toThrow('EEXIST');
  });

  onLinux('is refused where the system makes none, instead of tried for ever', () => {
    expect(() => makeFolder('/proc/x/y')).toThrow('ENOENT');
  });
});
