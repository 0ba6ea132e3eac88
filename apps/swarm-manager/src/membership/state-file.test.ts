import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { claimStateDirectory, loadState, saveState } from './state-file.js';

describe('the state file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'state-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const STATE = { signedList: 'a list', snapshot: 'a snapshot' };

  it('gives back what was saved last, readable by its owner alone, and leaves nothing beside it', async () => {
    const inner = join(folder, 'not', 'there', 'yet');
    await saveState(inner, { ...STATE, snapshot: 'older' });
    await saveState(inner, STATE);
    expect(await loadState(inner)).toEqual(STATE);
    expect(readdirSync(inner)).toEqual(['membership.json']);
    expect(statSync(join(inner, 'membership.json')).mode & 0o077).toBe(0);
  });

  it('has a directory that is made before it is needed', async () => {
    const inner = join(folder, 'not', 'there', 'yet');
    await claimStateDirectory(inner, 'STATE_DIR');
    expect(statSync(inner).mode & 0o777).toBe(0o700);
  });

  it('says which setting is wrong when that cannot be', async () => {
    writeFileSync(join(folder, 'file'), '');
    const claim = claimStateDirectory(join(folder, 'file', 'inner'), 'STATE_DIR');
    await expect(claim).rejects.toThrow(
      /^STATE_DIR: the directory cannot be made or written \(\w+\); make it writable/,
    );
  });

  it.each([
    ['is not there', null],
    ['is empty', ''],
    ['was cut off', '{"signedList":"a'],
    ['holds something else', '{"signedList":5,"snapshot":"x"}'],
    ['holds more than it should', '{"signedList":"a","snapshot":"b","more":1}'],
  ])('counts as none when it %s', async (_what, text) => {
    if (text !== null) writeFileSync(join(folder, 'membership.json'), text);
    expect(await loadState(folder)).toBeNull();
  });
});
