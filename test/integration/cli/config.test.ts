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
const COMPOSE = { NETWORK: 'newsroom', ADMINS: KEY, NATS_PASSWORD: 'n'.repeat(24), REDIS_PASSWORD: 'r'.repeat(24) };

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
    const { code, stdout } = await check(envFile({ ...COMPOSE, REDIS_PASSWORD: '', HTTPS_PROT: '443', ADMINS: 'me' }));
    expect(code).toBe(78);
    expect(stdout).toMatch(/^compose +REDIS_PASSWORD: is not set/m);
    expect(stdout).toMatch(/^compose +HTTPS_PROT: there is no such setting; .*did you mean HTTPS_PORT\?/m);
    expect(stdout).toMatch(/^compose +ADMINS: must be public keys of 64 hex digits/m);
  });

  it('knows the names that docker-compose.yml reads, and no others', async () => {
    const text = await readFile(new URL('../../../docker-compose.yml', import.meta.url), 'utf8');
    const read = [...text.matchAll(/(?<!\$)\$\{([A-Z_]+)/g)].map(([, name = '']) => name);
    const { parts } = await cli.json('config', 'sample', 'compose');
    const [{ settings }] = parts as [{ settings: { name: string }[] }];
    expect(settings.map(({ name }) => name).sort()).toEqual([...new Set(read)].sort());
  });

  it.each([
    [[], GOOD],
    [['relay'], GOOD],
    [['storage'], GOOD],
    [['swarm-manager'], GOOD],
    [['compose'], COMPOSE],
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
