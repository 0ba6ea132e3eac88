import { describe, expect, it } from '@jest/globals';
import { EXIT } from './exit-codes.js';
import { runCli } from './program.js';

async function run(...argv: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const said = { stdout: '', stderr: '' };
  const code = await runCli(argv, {
    env: { STARLING_HOME: '/nonexistent/starling' },
    stdout: { write: (text) => (said.stdout += text) },
    stderr: { write: (text) => (said.stderr += text) },
  });
  return { code, ...said };
}

describe('starling', () => {
  it.each([
    [['--help'], ['devnet', 'account', 'send', 'receive', 'network', 'keys', 'Exit codes']],
    [
      ['devnet', '--help'],
      ['up', 'down', 'status'],
    ],
    [
      ['send', '--help'],
      ['--as', '--seed', '--json'],
    ],
    [['account', 'new', '--help'], ['--json']],
  ])('explains itself: %j', async (argv, words) => {
    const { code, stdout } = await run(...argv);
    expect(code).toBe(EXIT.ok);
    for (const word of words) expect(stdout).toContain(word);
  });

  it('does not show commands that are for scripts', async () => {
    expect((await run('--help')).stdout).not.toContain('demo');
  });

  it.each([
    [['frobnicate']],
    [['devnet', 'sideways']],
    [['devnet', 'up', '--nodes', 'many']],
    [['devnet', 'up', '--nodes', '51']],
    [['devnet', 'up', '--nodes', '3', '--network-file', 'x']],
    [['send', 'nobody']],
    [['account', 'show', '../../etc/passwd']],
  ])('calls %j a usage error', async (argv) => {
    const { code, stdout, stderr } = await run(...argv);
    expect(code).toBe(EXIT.usage);
    expect(stdout).toBe('');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('answers with JSON when asked to, and errors too', async () => {
    expect(JSON.parse((await run('account', 'show', '--json')).stdout)).toEqual({ accounts: [] });
    const { code, stdout, stderr } = await run('account', 'show', 'nobody', '--json');
    expect(code).toBe(EXIT.failure);
    expect(JSON.parse(stdout)).toEqual({ error: expect.stringContaining('There is no account named nobody') });
    expect(stderr).toContain('There is no account named nobody');
  });
});
