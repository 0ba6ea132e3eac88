import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lastWords } from './last-words.js';

describe('the last words of a process', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'words-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function wordsIn(log: string, earlier = ''): Promise<string> {
    const file = join(folder, 'node.log');
    await writeFile(file, earlier + log);
    return lastWords(file, Buffer.byteLength(earlier));
  }

  it('are its sentences for people, without the place where it crashed', async () => {
    const log = '{"level":"error","event":"failed"}\nstorage: first\nfile:///x.js:1\n    at y\nstorage: second\n';
    expect(await wordsIn(log)).toBe('storage: first storage: second');
  });

  it('are its warnings when there is no sentence', async () => {
    expect(await wordsIn('{"level":"info","event":"up"}\n{"level":"warn","event":"odd"}\n')).toBe('odd');
  });

  it('are not those of an earlier run', async () => {
    expect(await wordsIn('storage: now\n', 'storage: then\n')).toBe('storage: now');
    expect(await wordsIn('', 'storage: then\n')).toBe('');
  });

  it('are none where there is no log', async () => {
    expect(await lastWords(join(folder, 'nothing'), 0)).toBe('');
  });
});
