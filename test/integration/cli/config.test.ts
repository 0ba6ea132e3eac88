import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CliUnderTest } from './cli-under-test.js';

/** The first command loads what it is made of, and that is compiled here. */
const LOAD_TIMEOUT_MS = 60_000;
const KEY = 'ab'.repeat(32);
const GOOD = {
  RELAY_KEY_FILE: '/run/node.key',
  RELAY_STATE_DIR: '/state',
  STORAGE_KEY_FILE: '/run/node.key',
  SWARM_MANAGER_KEY_FILE: '/run/node.key',
  SWARM_MANAGER_STATE_DIR: '/state',
  SWARM_MANAGER_NETWORK: 'newsroom',
  SWARM_MANAGER_LIST: '/config/network.json',
  SWARM_MANAGER_ADMINS: KEY,
};
const COMPOSE = { NETWORK: 'newsroom', ADMINS: KEY, RELAY_WORKERS: '2' };

const envFile = (settings: Readonly<Record<string, string>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

describe('starling config', () => {
  let cli: CliUnderTest;
  beforeAll(() => import('../../../apps/cli/src/config/config.commands.js'), LOAD_TIMEOUT_MS);
  beforeEach(async () => void (cli = await CliUnderTest.create()));
  afterEach(() => cli.remove());

  async function check(text: string): Promise<{ code: number; stdout: string; stderr: string }> {
    await writeFile(cli.path('node.env'), text);
    return cli.run('config', 'check', '--env-file', cli.path('node.env'));
  }

  it('finds nothing wrong in good settings, from the environment and from a file', async () => {
    expect(await check(envFile(GOOD))).toMatchObject({ code: 0, stderr: '' });
    const inEnvironment = await CliUnderTest.create(GOOD);
    expect(await inEnvironment.json('config', 'check')).toEqual({
      ok: true,
      origin: 'the environment',
      services: [
        { name: 'relay', settings: 2, problems: [] },
        { name: 'storage', settings: 1, problems: [] },
        { name: 'swarm-manager', settings: 5, problems: [] },
      ],
      unread: [],
    });
    await inEnvironment.remove();
  });

  it('tells every problem of every service at once, names what is meant, and repeats no value', async () => {
    const { code, stdout } = await check(
      envFile({
        ...GOOD,
        RELAY_STATE_DIR: '',
        RELAY_HTTPS_PROT: '22021',
        STORAGE_MIN_COPIES: 'SECRET',
        SWARM_MANAGER_ADMINS_REQUIRED: '2',
      }),
    );
    expect(code).toBe(78);
    expect(stdout).toMatch(/^relay +RELAY_STATE_DIR: is not set; set it/m);
    expect(stdout).toMatch(/^relay +RELAY_HTTPS_PROT: there is no such setting; .*did you mean RELAY_HTTPS_PORT\?/m);
    expect(stdout).toMatch(/^storage +STORAGE_MIN_COPIES: must be a whole number from 1 to 10; correct it/m);
    expect(stdout).toMatch(/^swarm-manager +SWARM_MANAGER_ADMINS_REQUIRED: must not be more than there are keys/m);
    expect(stdout).toMatch(/: 4 problems\.\n$/);
    expect(stdout).not.toContain('SECRET');
  });

  it('says of a service without settings that it is not set up here, and of a stray name that nobody reads it', async () => {
    const { code, stdout } = await check('STORAGE_KEY_FILE=/run/node.key\nSTROAGE_MIN_COPIES=1\n');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^relay +not set up here$/m);
    expect(stdout).toMatch(/^unread +STROAGE_MIN_COPIES: no service reads it/m);
  });

  it.each([
    ['a file that is not there', ['--env-file', '/nonexistent/node.env'], /does not exist: name another --env-file/],
    ['an environment without settings', [], /no setting of any service in the environment: .*--env-file/],
  ])('refuses %s with one sentence', async (_name, argv, sentence) => {
    const { code, stdout, stderr } = await cli.run('config', 'check', ...argv);
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    expect(stderr).toMatch(sentence);
  });

  it('checks what Docker Compose reads from .env', async () => {
    expect((await check(envFile({ ...COMPOSE, COMPOSE_PROJECT_NAME: 'mine' }))).code).toBe(0);
    expect((await check('STORAGE_MIN_COPIES=1\n')).stdout).toMatch(/^compose +ok, 1 setting given/m);
    const wrong = {
      ...COMPOSE,
      REDIS_PASSWORD: 'SECRET word',
      HTTPS_PROT: '443',
      ADMINS: 'me',
      STORAGE_MIN_COPIES: '0',
    };
    const { code, stdout } = await check(envFile(wrong));
    expect(code).toBe(78);
    expect(stdout).toMatch(/^compose +REDIS_PASSWORD: must have no white space/m);
    expect(stdout).toMatch(/^compose +HTTPS_PROT: there is no such setting; .*did you mean HTTPS_PORTS?\?/m);
    expect(stdout).toMatch(/^compose +ADMINS: must be public keys of 64 hex digits/m);
    expect(stdout).toMatch(/^compose +STORAGE_MIN_COPIES: must be a whole number/m);
    expect(stdout).not.toContain('SECRET');
  });

  it('takes names that a composition does not hand on for settings of services', async () => {
    const { stdout } = await check(envFile({ ...GOOD, NODE_NAME: 'mine' }));
    expect(stdout).toMatch(/^relay +ok/m);
    expect(stdout).toMatch(/^unread +NODE_NAME/m);
  });

  it('prints the sample for Docker Compose that .env.example is', async () => {
    const { stdout } = await cli.run('config', 'sample', 'compose');
    const example = await readFile(new URL('../../../.env.example', import.meta.url), 'utf8');
    expect(example.split('\n').slice(1)).toEqual(stdout.split('\n').slice(1));
    const { code, stdout: said } = await check(example.replace(/^#([A-Z_]+=.+)$/gm, '$1'));
    expect([code, said]).toEqual([0, expect.stringMatching(/^compose +ok, /)]);
  });

  it.each([
    [[], GOOD],
    [['relay'], GOOD],
    [['storage'], GOOD],
    [['swarm-manager'], GOOD],
  ])('prints a sample %j that lacks nothing but what is required', async (what, values) => {
    const { code, stdout } = await cli.run('config', 'sample', ...what);
    expect(code).toBe(0);
    const open = [...stdout.matchAll(/^(\w+)=$/gm)].map(([, name = '']) => name);
    const required = new Map<string, string>(Object.entries(values));
    expect(open.every((name) => required.has(name))).toBe(true);
    const filled = open.reduce(
      (text, name) => text.replace(`\n${name}=\n`, `\n${name}=${required.get(name)}\n`),
      stdout,
    );
    expect((await check(filled)).code).toBe(0);
    // The defaults, written out, are what holds without them.
    const writtenOut = filled.replace(/^#(?!.*_FILE=)(\w+=.+)$/gm, '$1');
    expect(writtenOut).not.toBe(filled);
    expect(await check(writtenOut)).toMatchObject({ code: 0 });
  });
});
