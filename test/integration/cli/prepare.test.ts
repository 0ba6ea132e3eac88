import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadSeedFile } from '#platform';
import { NodeKey, noblePrimitives, parseSignedList, verifySignedList } from '#protocol';
import { startRedis } from '#testing';
import { Redis } from 'ioredis';
import { CliUnderTest } from './cli-under-test.js';
import type { Run } from './cli-under-test.js';

const ADMIN = 'ab'.repeat(32);
const OTHERS = 0o077;

describe('starling prepare', () => {
  let cli: CliUnderTest;
  beforeEach(async () => void (cli = await CliUnderTest.create()));
  afterEach(() => cli.remove());

  const setup = (...parts: string[]): string => cli.path('setup', ...parts);
  const textOf = async (...parts: string[]): Promise<string> => (await readFile(setup(...parts), 'utf8')).trim();
  const prepareWith = async (env: NodeJS.ProcessEnv): Promise<Run> => {
    const other = await CliUnderTest.create(env);
    try {
      return await other.run('prepare', '--dir', setup());
    } finally {
      await other.remove();
    }
  };
  /** Every file with its text. */
  async function everything(): Promise<Record<string, string>> {
    const entries = await readdir(setup(), { withFileTypes: true, recursive: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    return Object.fromEntries(
      await Promise.all(files.map(async (file) => [file, await readFile(file, 'utf8')] as const)),
    );
  }

  it('makes a network of one, whose list its node is in and accepts, and tells no secret', async () => {
    const { code, stdout } = await prepareWith({ PUBLIC_IP: '203.0.113.7', HTTPS_PORT: '443', PEER_PORT: '444' });
    expect(code).toBe(0);
    const trust = { network: await textOf('trust', 'network'), admins: [await textOf('trust', 'admins')], required: 1 };
    const list = verifySignedList(noblePrimitives, parseSignedList(await textOf('node', 'network.json')), trust);
    const { id } = NodeKey.fromSeed(loadSeedFile(setup('node', 'node.key'), 'key'), noblePrimitives);
    expect(list.nodes).toMatchObject([{ ed25519: id, ip: '203.0.113.7', httpsPort: 443, peerPort: 444 }]);
    for (const secret of [
      ['node', 'node.key'],
      ['administrator', 'admin.key'],
      ['nats', 'password'],
      ['redis', 'password'],
    ]) {
      expect((await stat(setup(...secret))).mode & OTHERS).toBe(0);
      expect(stdout).not.toContain(await textOf(...secret));
    }
    expect(await textOf('nats', 'password')).not.toBe(await textOf('redis', 'password'));
  });

  it('changes nothing the second time', async () => {
    await prepareWith({});
    const before = await everything();
    const { code, stdout } = await prepareWith({});
    expect({ code, made: /Made/.test(stdout) }).toEqual({ code: 0, made: false });
    expect(await everything()).toEqual(before);
  });

  it.each([
    ['node/node.key'],
    ['node/network.json'],
    ['administrator/trust.json'],
    ['administrator/network.json'],
    ['redis/users.acl'],
    ['nats/users.conf'],
    ['trust/admins'],
  ])('goes on where it was broken off before %s was written', async (missing) => {
    await prepareWith({});
    const before = await everything();
    await rm(setup(missing));
    // Whatever comes later in the order is not there either.
    if (missing === 'administrator/trust.json') await rm(setup('node/network.json'));
    expect((await prepareWith({})).code).toBe(0);
    const after = await everything();
    expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
    expect(await prepareWith({})).toMatchObject({ code: 0 });
    expect(await everything()).toEqual(after);
  });

  it('hands on what the administrator of a network of one has published since', async () => {
    await prepareWith({});
    const dir = ['--dir', setup('administrator')];
    await cli.json('network', 'add', ADMIN, '--ip', '203.0.113.8', ...dir);
    await cli.json('network', 'sign', ...dir);
    await prepareWith({});
    expect(await textOf('node', 'network.json')).toContain('203.0.113.8');
  });

  it('keeps out of the way of a key and a list that are given', async () => {
    await prepareWith({});
    const [key, list] = [await textOf('node', 'node.key'), await textOf('node', 'network.json')];
    await rm(setup('administrator'), { recursive: true });
    const given = { NETWORK: 'newsroom', ADMINS: `${ADMIN},${'cd'.repeat(32)}`, ADMINS_REQUIRED: '2' };
    expect((await prepareWith(given)).code).toBe(0);
    expect([await textOf('node', 'node.key'), await textOf('node', 'network.json')]).toEqual([key, list]);
    expect(await textOf('trust', 'network')).toBe('newsroom');
    expect(await textOf('trust', 'admins')).toBe(given.ADMINS);
    expect(await textOf('trust', 'admins-required')).toBe('2');
    await expect(stat(setup('administrator'))).rejects.toThrow('ENOENT');
  });

  it('takes passwords that are given, and keeps them when they are not given again', async () => {
    const given = {
      NATS_PASSWORD: 'given "nats" \\ password'.replaceAll(' ', '-'),
      REDIS_PASSWORD: 'given-redis-password',
    };
    await prepareWith({});
    await prepareWith(given);
    await prepareWith({});
    expect(await textOf('redis', 'password')).toBe(given.REDIS_PASSWORD);
    expect(await textOf('nats', 'password')).toBe(given.NATS_PASSWORD);
    expect(await textOf('nats', 'users.conf')).toContain(JSON.stringify(given.NATS_PASSWORD));
    const acl = await textOf('redis', 'users.acl');
    expect(acl).toContain(createHash('sha256').update(given.REDIS_PASSWORD).digest('hex'));
    expect(acl).not.toContain(given.REDIS_PASSWORD);
  });

  it.each([
    ['a network without administrators', { NETWORK: 'newsroom' }, [], 78, /NETWORK is set and ADMINS is not/],
    ['administrators without a network', { ADMINS: ADMIN }, [], 78, /ADMINS is set and NETWORK is not/],
    ['a given network without its files', { NETWORK: 'n', ADMINS: ADMIN }, [], 78, /node\.key is not in NODE_DIR/],
    ['a list without a word whose it is', {}, ['network.json'], 78, /set NETWORK and ADMINS/],
    ['a password with a dollar sign', { REDIS_PASSWORD: '$2a$10$x' }, [], 78, /REDIS_PASSWORD.*dollar/],
    ['a port that is none', { HTTPS_PORT: '0' }, [], 78, /HTTPS_PORT/],
  ])('refuses %s, and makes nothing', async (_name, env, files, expected, sentence) => {
    await mkdir(setup('node'), { recursive: true });
    for (const name of files) await writeFile(setup('node', name), '{}');
    const { code, stderr } = await prepareWith(env);
    expect(code).toBe(expected);
    expect(stderr).toMatch(sentence);
    expect((await readdir(setup(), { recursive: true })).length).toBe(1 + files.length);
  });

  it('writes users that Redis takes: nothing without the password, our keys with it, the server itself never', async () => {
    await prepareWith({});
    const lines = (await textOf('redis', 'users.acl')).split('\n');
    const server = await startRedis();
    const user = new Redis(server.port, '127.0.0.1', { lazyConnect: true, maxRetriesPerRequest: 0 });
    user.on('error', () => undefined); // commands say it
    try {
      await server.client.call('ACL', 'SETUSER', 'starling', ...(lines[1] ?? '').split(' ').slice(2));
      await expect(user.call('AUTH', 'starling', 'wrong')).rejects.toThrow('WRONGPASS');
      await user.call('AUTH', 'starling', await textOf('redis', 'password'));
      expect(await user.eval("return redis.call('SET', KEYS[1], 'x')", 1, 'starling:a')).toBe('OK');
      expect(await user.config('GET', 'appendfsync')).toEqual(['appendfsync', 'always']);
      expect(await user.info('memory')).toContain('used_memory');
      for (const command of [
        ['SET', 'other', 'x'],
        ['FLUSHALL'],
        ['CONFIG', 'SET', 'dir', '/'],
        ['SHUTDOWN'],
        ['KEYS', '*'],
        ['REPLICAOF', '127.0.0.1', '1'],
        ['ACL', 'LIST'],
        ['MODULE', 'LIST'],
        ['MONITOR'],
        ['SAVE'],
      ]) {
        const [name = '', ...args] = command;
        await expect(user.call(name, ...args)).rejects.toThrow('NOPERM');
      }
    } finally {
      user.disconnect();
      await server.stop();
    }
  });
});
