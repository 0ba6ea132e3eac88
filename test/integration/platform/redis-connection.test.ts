import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { connectRedis, LuaScript, RedisUnavailable, ServiceUnreachable } from '#platform';
import { startRedis, waitUntil, type TestRedis } from '#testing';

const START_TIMEOUT_MS = 60_000;
const RECOVERY_TIMEOUT_MS = 15_000;

describe('the connection to Redis', () => {
  let server: TestRedis;
  let redis: Redis;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lua-'));
    server = await startRedis();
    redis = await connectRedis({ url: server.url, name: 'test' });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  function script(source: string, shared?: string): LuaScript<'key'> {
    const fileOf = (name: string, text: string): URL => {
      const path = join(folder, `${name}.lua`);
      writeFileSync(path, text);
      return pathToFileURL(path);
    };
    return LuaScript.load(
      fileOf('script', source),
      ['key'],
      shared === undefined ? undefined : fileOf('shared', shared),
    );
  }

  it('runs scripts, with functions that they share, also after the cache of scripts is empty', async () => {
    const set = script(
      "#!lua\nreturn redis.call('SET', KEYS[1], twice(ARGV[1]))",
      'local function twice(s) return s .. s end\n',
    );
    await set.run(redis, { key: 'a' }, ['x']);
    await server.client.script('FLUSH');
    await set.run(redis, { key: 'b' }, [Buffer.from([0, 255])]);
    expect(await server.client.get('a')).toBe('xx');
    expect(await server.client.getBuffer('b')).toEqual(Buffer.from([0, 255, 0, 255]));
  });

  it('sends the scripts of one turn together', async () => {
    const add = script("#!lua\nreturn redis.call('INCR', KEYS[1])");
    const readsSoFar = async (): Promise<number> => {
      return Number(/^total_reads_processed:(\d+)/m.exec(await server.client.info('stats'))?.[1]);
    };
    await add.run(redis, { key: 'alone' }, []); // so that Redis knows it
    const before = await readsSoFar();
    const counts = await Promise.all(Array.from({ length: 20 }, () => add.run(redis, { key: 'together' }, [])));
    expect(counts).toEqual(Array.from({ length: 20 }, (_unused, index) => index + 1));
    expect((await readsSoFar()) - before).toBeLessThan(10); // one is enough, a slow way cuts it into a few
  });

  it('refuses a script that forgot its first line', () => {
    expect(() => script('return 1')).toThrow('must start with a #!lua line');
  });

  it('tells an error of a script from a Redis that is not there', async () => {
    const wrong = script("#!lua\nreturn redis.call('LPUSH', KEYS[1], 'x')");
    await server.client.set('text', 'x');
    const problem = await wrong.run(redis, { key: 'text' }, []).catch((cause: unknown) => cause);
    expect(problem).toBeInstanceOf(Error);
    expect(problem).not.toBeInstanceOf(RedisUnavailable);
  });

  it(
    'fails at once while Redis is away, loses nothing it said was done, and works again by itself',
    async () => {
      const add = script("#!lua\nreturn redis.call('INCR', KEYS[1])");
      await add.run(redis, { key: 'count' }, []);
      await server.kill();
      const whileAway = await Promise.allSettled(
        Array.from({ length: 20 }, () => add.run(redis, { key: 'count' }, [])),
      );
      for (const each of whileAway) expect(each).toMatchObject({ reason: expect.any(RedisUnavailable) as unknown });

      await server.restart();
      const next = await waitUntil('Redis', RECOVERY_TIMEOUT_MS, () => add.run(redis, { key: 'count' }, []));
      expect(next).toBe(2); // none of the twenty happened later
    },
    START_TIMEOUT_MS,
  );
});

describe('a Redis that cannot be used', () => {
  const reasonFor = (url: string, password?: string): Promise<unknown> =>
    connectRedis({ url, password, name: 'test', prefix: 'TEST_', patienceMs: 200 }).catch((cause: unknown) => cause);

  it(
    'is told in a sentence that names the setting and no secret',
    async () => {
      const guarded = await startRedis({ config: ['user one on >right ~* +@all', 'user default on nopass ~* +@all'] });
      // The reason in brackets is the system's; service-start.test.ts looks at it.
      expect(await reasonFor('redis://one:secret@127.0.0.1:1')).toMatchObject({
        message: expect.stringMatching(
          /^Redis at redis:\/\/127\.0\.0\.1:1 does not answer.*; start it, or correct TEST_REDIS_URL$/,
        ) as unknown,
      });
      const { port } = guarded;
      expect(await reasonFor(`redis://one@127.0.0.1:${port}`, 'wrong')).toEqual(
        new ServiceUnreachable(
          `Redis at redis://127.0.0.1:${port} refuses the user or password; check TEST_REDIS_USER and TEST_REDIS_PASSWORD`,
        ),
      );
      await guarded.stop();
    },
    START_TIMEOUT_MS,
  );
});
