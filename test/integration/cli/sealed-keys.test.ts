import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCli } from '../../../apps/cli/src/program.js';
import { CliUnderTest } from './cli-under-test.js';

/** Keys are derived slowly on purpose, and the first command loads what it is made of. */
const TIMEOUT_MS = 60_000;
const PASSPHRASE = 'correct horse';

/** Standard input of somebody at a terminal, who typed ahead. */
class Typist extends PassThrough {
  readonly isTTY = true;
  readonly modes: boolean[] = [];

  setRawMode(isRaw: boolean): void {
    this.modes.push(isRaw);
  }
}

describe('starling keys export and import', () => {
  let cli: CliUnderTest;
  let key: string;
  beforeEach(async () => {
    cli = await CliUnderTest.create();
    key = String((await cli.json('keys', 'new', '--out', cli.path('node.key'))).ed25519);
    await writeFile(cli.path('pass'), `${PASSPHRASE}\n`, { mode: 0o600 });
  }, TIMEOUT_MS);
  afterEach(() => cli.remove());

  const argv = (what: string, from: string, out: string, pass = 'pass'): string[] => {
    return ['keys', what, cli.path(from), '--out', cli.path(out), '--passphrase-file', cli.path(pass)];
  };

  it(
    'give back the same key, in files that only their owner may read, and show no secret',
    async () => {
      const seed = await readFile(cli.path('node.key'), 'utf8');
      expect(await cli.json(...argv('export', 'node.key', 'sealed'))).toEqual({
        file: cli.path('sealed'),
        ed25519: key,
      });
      const back = await cli.run(...argv('import', 'sealed', 'back.key'));
      expect(back).toMatchObject({ code: 0, stderr: '' });
      expect(await readFile(cli.path('back.key'), 'utf8')).toBe(seed);
      for (const file of ['sealed', 'back.key']) expect((await stat(cli.path(file))).mode & 0o777).toBe(0o600);
      expect((await readFile(cli.path('sealed'), 'utf8')) + back.stdout).not.toContain(seed.trim());
    },
    TIMEOUT_MS,
  );

  it(
    'tell a wrong passphrase from a damaged file, and write nothing then',
    async () => {
      await cli.json(...argv('export', 'node.key', 'sealed'));
      await writeFile(cli.path('wrong'), 'another passphrase', { mode: 0o600 });
      const wrong = await cli.run(...argv('import', 'sealed', 'back.key', 'wrong'));
      expect(wrong).toMatchObject({ code: 1, stdout: '' });
      expect(wrong.stderr).toContain('the passphrase is wrong, or somebody changed the file');

      const text = await readFile(cli.path('sealed'), 'utf8');
      await writeFile(cli.path('renamed'), text.replace(key, 'ab'.repeat(32)));
      expect((await cli.run(...argv('import', 'renamed', 'back.key'))).code).toBe(1);
      await writeFile(cli.path('half'), text.slice(0, 100));
      expect(await cli.run(...argv('import', 'half', 'back.key'))).toMatchObject({
        code: 78,
        stderr: expect.stringContaining('no exported key of version 1, or it is damaged'),
      });
      await expect(stat(cli.path('back.key'))).rejects.toThrow('ENOENT');
    },
    TIMEOUT_MS,
  );

  it(
    'overwrite nothing, and take no passphrase that others may read or that is short',
    async () => {
      const before = await readFile(cli.path('node.key'), 'utf8');
      await cli.json(...argv('export', 'node.key', 'sealed'));
      expect((await cli.run(...argv('import', 'sealed', 'node.key'))).stderr).toContain('is not overwritten');
      expect((await cli.run(...argv('export', 'node.key', 'sealed'))).stderr).toContain('is not overwritten');
      expect(await readFile(cli.path('node.key'), 'utf8')).toBe(before);
      await chmod(cli.path('pass'), 0o644);
      expect((await cli.run(...argv('export', 'node.key', 'x'))).stderr).toContain('chmod 600');
      await writeFile(cli.path('short'), 'short', { mode: 0o600 });
      expect((await cli.run(...argv('export', 'node.key', 'x', 'short'))).stderr).toContain('at least 8 characters');
    },
    TIMEOUT_MS,
  );

  it.each([
    ['takes what is typed twice', 'correct hoX\u007frse\rcorrect horse\r', 0, ''],
    ['refuses two that differ', 'correct horse\rcorrect house\r', 1, 'The two passphrases differ'],
    ['ends on Ctrl-C', 'correct\u0003', 1, 'Interrupted.'],
  ])(
    'asks without an echo, and %s',
    async (_name, keys, code, words) => {
      const stdin = new Typist();
      stdin.write(keys);
      let said = '';
      const sink = { write: (text: string) => (said += text) };
      const world = { env: {}, stdout: sink, stderr: sink, stdin };
      const exported = ['keys', 'export', cli.path('node.key'), '--out', cli.path('typed')];
      expect(await runCli(exported, world)).toBe(code);
      expect(said).toContain(words);
      expect(said).not.toContain('correct');
      expect(stdin.modes.at(-1)).toBe(false);
      if (code === 0) expect((await cli.run(...argv('import', 'typed', 'back.key'))).code).toBe(0);
    },
    TIMEOUT_MS,
  );
});
