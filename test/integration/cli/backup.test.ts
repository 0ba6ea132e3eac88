import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startRedis, type TestRedis } from '#testing';
import { CliUnderTest, type Run } from './cli-under-test.js';

/** Keys are derived slowly on purpose, and the first command loads what it is made of. */
const TIMEOUT_MS = 60_000;
const SEED = '0f'.repeat(32);
const HOUR_MS = 3_600_000;
/** More than one piece of a key, and more than one sealed part. */
const LARGE_BODIES = 40;
const BODY_BYTES = 70_000;

type Dump = Readonly<Record<string, unknown>>;

describe('starling backup and restore', () => {
  let redis: TestRedis;
  let cli: CliUnderTest;
  beforeAll(async () => {
    redis = await startRedis();
  }, TIMEOUT_MS);
  afterAll(() => redis.stop());
  beforeEach(async () => {
    cli = await CliUnderTest.create();
    await redis.client.flushdb();
    await writeFile(cli.path('pass'), 'correct horse\n', { mode: 0o600 });
    await aNode('old', 'old');
    await writeFile(cli.path('old.key'), `${SEED}\n`, { mode: 0o600 });
    await mkdir(cli.path('old-relay', 'deep'), { recursive: true });
    await writeFile(cli.path('old-relay', 'deep', 'cert.pem'), 'a certificate');
    await fill();
  });
  afterEach(() => cli.remove());

  /** Settings of a node whose files begin with its name. */
  async function aNode(name: string, keyPrefix: string): Promise<void> {
    const settings = {
      RELAY_KEY_FILE: cli.path(`${name}.key`),
      RELAY_STATE_DIR: cli.path(`${name}-relay`),
      RELAY_ADMIN_PORT: '1', // nobody's
      STORAGE_KEY_FILE: cli.path(`${name}.key`),
      STORAGE_ADMIN_PORT: '1',
      STORAGE_REDIS_URL: redis.url,
      STORAGE_REDIS_PREFIX: keyPrefix,
    };
    await writeFile(
      cli.path(`${name}.env`),
      Object.entries(settings)
        .map((pair) => pair.join('='))
        .join('\n'),
    );
  }

  async function fill(): Promise<void> {
    const bodies = Array.from({ length: LARGE_BODIES }, (_, at) => [Buffer.from(`${at}`), randomBytes(BODY_BYTES)]);
    await redis.client.hset('old:{A}:m', ...bodies.flat());
    await redis.client.hset('old:{A}:i', Buffer.from([0xff, 0, 1]), Buffer.from([0xfe, 0]), 's', '17');
    await redis.client.zadd('old:{A}:e', '1790000000000123', Buffer.from([0x80, 0x0a]), '-0.1', 'b');
    await redis.client.set('old:{A}:w', '');
    await redis.client.pexpire('old:{A}:m', HOUR_MS);
    await redis.client.zadd('old:{B}:t', '5', 'alone');
    await redis.client.zadd('old:due:{3}', '5', 'A');
    await redis.client.set('older:x', 'of somebody else');
  }

  /** All that is under a prefix. */
  async function dump(keyPrefix: string): Promise<Dump> {
    const { client } = redis;
    const found: Record<string, unknown> = {};
    for (const key of (await client.keys(`${keyPrefix}:*`)).toSorted()) {
      const kind = await client.type(key);
      const expiry = await client.pexpiretime(key);
      const content = await contentOf(key, kind);
      found[key.slice(keyPrefix.length + 1)] = { kind, expiry, content };
    }
    return found;
  }

  /** As a digest: tests compare megabytes byte by byte at their leisure. The order within a hash means nothing. */
  async function contentOf(key: string, kind: string): Promise<string> {
    const { client } = redis;
    if (kind === 'string') return String(await client.get(key));
    const read =
      kind === 'hash' ? client.callBuffer('HGETALL', key) : client.callBuffer('ZRANGE', key, 0, -1, 'WITHSCORES');
    const items = ((await read) as Buffer[]).map((item) => item.toString('hex'));
    const pairs = items.flatMap((item, at) => (at % 2 === 0 ? [`${item} ${items[at + 1] ?? ''}`] : []));
    return `${pairs.length} ${createHash('sha256').update(pairs.toSorted().join()).digest('hex')}`;
  }

  const backup = (out: string): Promise<Run> =>
    run('backup', '--env-file', cli.path('old.env'), '--out', cli.path(out));
  const restore = (from: string, to: string): Promise<Run> =>
    run('restore', cli.path(from), '--env-file', cli.path(`${to}.env`));
  const run = (...argv: string[]): Promise<Run> => cli.run(...argv, '--passphrase-file', cli.path('pass'));

  it(
    'give another machine the same key, files and content of Redis, and nothing of anybody else',
    async () => {
      const made = await backup('b');
      expect(made).toMatchObject({ code: 0 });
      expect(made.stdout).toMatch(/2 files, 6 keys of Redis, \d+ bytes, read again and whole/);
      expect((await stat(cli.path('b'))).mode & 0o777).toBe(0o600);
      expect((await readFile(cli.path('b'))).includes('certificate')).toBe(false);

      await aNode('new', 'new');
      const brought = await restore('b', 'new');
      expect(brought).toMatchObject({ code: 0 });
      expect(brought.stdout).toMatch(/2 files, 6 keys of Redis/);
      expect(await dump('new')).toEqual(await dump('old'));
      expect(await readFile(cli.path('new.key'), 'utf8')).toBe(`${SEED}\n`);
      expect((await stat(cli.path('new.key'))).mode & 0o777).toBe(0o600);
      expect(await readFile(cli.path('new-relay', 'deep', 'cert.pem'), 'utf8')).toBe('a certificate');
    },
    TIMEOUT_MS,
  );

  it(
    'write nothing for a wrong passphrase, a changed byte, a file that is cut off or longer, or another file',
    async () => {
      await backup('b');
      await aNode('new', 'new');
      const whole = await readFile(cli.path('b'));
      const spoilt = async (bytes: Buffer): Promise<Run> => {
        await writeFile(cli.path('spoilt'), bytes);
        return restore('spoilt', 'new');
      };
      const middle = Buffer.from(whole);
      middle[Math.floor(whole.length / 2)] = (middle[Math.floor(whole.length / 2)] ?? 0) ^ 1;
      const other = { ed25519: 'ab'.repeat(32) };
      const lineEnd = whole.indexOf(0x0a);
      const head = { ...(JSON.parse(whole.subarray(0, lineEnd).toString()) as object), ...other };
      const renamed = Buffer.concat([Buffer.from(JSON.stringify(head)), whole.subarray(lineEnd)]);
      expect((await spoilt(middle)).stderr).toMatch(/damaged or cut off, near byte \d+/);
      expect((await spoilt(whole.subarray(0, -1))).stderr).toMatch(/damaged or cut off/);
      expect((await spoilt(Buffer.concat([whole, Buffer.from('more')]))).stderr).toMatch(/damaged or cut off/);
      expect((await spoilt(renamed)).stderr).toMatch(/the passphrase is wrong, or its first line is damaged/);
      expect(await spoilt(Buffer.from('{}\n'))).toMatchObject({ code: 78 });
      await writeFile(cli.path('pass'), 'another horse', { mode: 0o600 });
      expect((await restore('b', 'new')).stderr).toMatch(/the passphrase is wrong/);
      expect(await dump('new')).toEqual({});
      await expect(stat(cli.path('new.key'))).rejects.toThrow('ENOENT');
    },
    TIMEOUT_MS,
  );

  it(
    'overwrite neither a file nor content of Redis, and look at everything before they write anything',
    async () => {
      await backup('b');
      expect((await backup('b')).stderr).toMatch(/exists already and is not overwritten/);
      expect((await restore('b', 'old')).stderr).toMatch(/Redis holds keys of old already, which are not overwritten/);

      await aNode('new', 'new');
      await writeFile(cli.path('new.key'), `${'0e'.repeat(32)}\n`, { mode: 0o600 });
      expect((await restore('b', 'new')).stderr).toMatch(/new\.key exists already, with other content/);
      expect(await dump('new')).toEqual({});
      await expect(readdir(cli.path('new-relay'))).rejects.toThrow('ENOENT');
    },
    TIMEOUT_MS,
  );

  it(
    'go on where Redis was full, with the same backup only',
    async () => {
      await backup('b');
      await aNode('new', 'new');
      const [, used = '0'] = /^used_memory:(\d+)/m.exec(await redis.client.info('memory')) ?? [];
      await redis.client.config('SET', 'maxmemory', String(Number(used) + BODY_BYTES * 10));
      const full = await restore('b', 'new');
      await redis.client.config('SET', 'maxmemory', '0');
      expect(full.stderr).toMatch(/Redis is full\. Not all is restored/);

      expect(await restore('b', 'new')).toMatchObject({ code: 0 });
      expect(await dump('new')).toEqual(await dump('old'));

      await redis.client.set('new:restoring', 'another backup');
      expect((await restore('b', 'new')).stderr).toMatch(/Another backup was being restored/);
    },
    TIMEOUT_MS,
  );

  it(
    'leave no half of a backup behind, and say what is in the way',
    async () => {
      await redis.client.xadd('old:{A}:stream', '*', 'a', 'b');
      const failed = await backup('b');
      expect(failed).toMatchObject({ code: 1 });
      expect(failed.stderr).toMatch(/keys of this kind are not read: stream/);
      expect((await readdir(cli.home)).filter((name) => name.startsWith('b'))).toEqual([]);

      await chmod(cli.path('old.key'), 0o644);
      expect((await backup('b')).stderr).toMatch(/others may read the key file/);
      await writeFile(cli.path('old.env'), 'STORAGE_MIN_COPIES=many\n');
      expect(await backup('b')).toMatchObject({
        code: 78,
        stderr: expect.stringMatching(/STORAGE_MIN_COPIES/) as unknown,
      });
      await truncate(cli.path('old.env'));
      expect(await backup('b')).toMatchObject({ code: 78 });
    },
    TIMEOUT_MS,
  );
});
