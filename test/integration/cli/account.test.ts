import { stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CliUnderTest } from './cli-under-test.js';

describe('starling account', () => {
  let cli: CliUnderTest;
  beforeEach(async () => void (cli = await CliUnderTest.create()));
  afterEach(() => cli.remove());

  it('shows the recovery phrase once, and later only to who asks for it', async () => {
    const made = await cli.json('account', 'new', 'alice');
    const phrase = String(made.recovery_phrase);
    expect(phrase.split(' ')).toHaveLength(13);

    expect((await cli.run('account', 'show')).stdout).not.toContain(phrase);
    expect((await cli.run('account', 'show', 'alice')).stdout).not.toContain(phrase);
    expect(await cli.json('account', 'show', 'alice', '--reveal')).toEqual(made);
  });

  it('keeps accounts where nobody else can read them', async () => {
    const { file } = await cli.json('account', 'new');
    expect((await stat(String(file))).mode & 0o777).toBe(0o600);
  });

  it('never overwrites an account', async () => {
    const made = await cli.json('account', 'new', 'alice');
    const again = await cli.run('account', 'new', 'alice');
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toMatch(/^starling: .*alice\.json exists already and is not overwritten/);
    expect((await cli.json('account', 'show', 'alice')).id).toBe(made.id);
  });

  it('says of a damaged file that it is damaged, and does not quote it', async () => {
    const { file, recovery_phrase: phrase } = await cli.json('account', 'new', 'alice');
    await writeFile(String(file), `{ "recovery_phrase": "${String(phrase)}"`);
    const { code, stderr } = await cli.run('account', 'show', 'alice');
    expect(code).toBe(1);
    expect(stderr).toMatch(/is not an account file, or it is damaged\.\n$/);
    expect(stderr).not.toContain(String(phrase).slice(0, 10));
  });

  it('asks which account is meant when there are several', async () => {
    await cli.json('account', 'new', 'alice');
    await cli.json('account', 'new', 'bob');
    const { code, stderr } = await cli.run('send', 'bob', 'hello');
    expect(code).toBe(2);
    expect(stderr).toContain('(alice, bob): say which with --as NAME');
  });

  it('says how to get a network when none runs', async () => {
    await cli.json('account', 'new', 'alice');
    const { code, stderr } = await cli.run('send', 'alice', 'hello');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'starling: No network runs here: start one with `starling devnet up`, or name a seed with --seed.\n',
    });
  });
});
