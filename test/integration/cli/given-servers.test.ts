import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startNats, startRedis, type TestNats, type TestRedis } from '#testing';
import { CliUnderTest } from './cli-under-test.js';

const START_TIMEOUT_MS = 60_000;

describe('starling devnet up with servers that others run', () => {
  let nats: TestNats;
  let redis: TestRedis;
  let cli: CliUnderTest;
  beforeAll(async () => {
    const accounts = [{ user: 'one', password: 'right' }];
    const config = ['user one on >right ~* +@all'];
    [nats, redis] = await Promise.all([startNats({ accounts }), startRedis({ config })]);
  }, START_TIMEOUT_MS);
  afterAll(() => Promise.all([nats.stop(), redis.stop()]));
  afterEach(() => cli.remove());

  /** An address of a server with credentials in it; port 1 is nobody's. */
  const withUser = (url: string, user: string): string => {
    const { protocol, host } = new URL(url);
    return `${protocol}//${user}@${host}`;
  };
  const given = (change: { nats?: string; redis?: string }): NodeJS.ProcessEnv => ({
    STARLING_NATS_URL: change.nats ?? withUser(nats.url, 'one:right'),
    STARLING_REDIS_URL: change.redis ?? withUser(redis.url, 'one:right'),
  });

  it.each([
    [
      'a NATS that refuses us',
      () => ({ nats: withUser(nats.url, 'one:secret') }),
      /^starling: NATS at nats:\S+ refuses the user or password; check those in STARLING_NATS_URL$/m,
    ],
    [
      'a NATS that is not there',
      () => ({ nats: 'nats://one:secret@127.0.0.1:1' }),
      /^starling: NATS at nats:\/\/127\.0\.0\.1:1 does not answer.*; start it, or correct STARLING_NATS_URL$/m,
    ],
    [
      'a Redis that refuses us',
      () => ({ redis: withUser(redis.url, 'one:secret') }),
      /^starling: Redis at redis:\S+ refuses the user or password; check those in STARLING_REDIS_URL$/m,
    ],
    [
      'a Redis that is not there',
      () => ({ redis: 'redis://one:secret@127.0.0.1:1' }),
      /^starling: Redis at redis:\/\/127\.0\.0\.1:1 does not answer.*; start it, or correct STARLING_REDIS_URL$/m,
    ],
  ])(
    'names %s and its setting, and no secret, before a node is started',
    async (_name, change, sentence) => {
      cli = await CliUnderTest.create(given(change()));
      const { code, stdout, stderr } = await cli.run('devnet', 'up', '--nodes', '1', '--detach');
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(sentence);
      expect(stderr).not.toMatch(/secret|^\s+at |node-1/m);
    },
    START_TIMEOUT_MS,
  );
});
