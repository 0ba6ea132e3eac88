import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Cluster } from 'ioredis';
import fc from 'fast-check';
import { connectRedisCluster, readConfig, Readiness, RedisUnavailable } from '#platform';
import { anAccount, canStartRedisCluster, startRedisCluster, waitUntil, type TestRedisCluster } from '#testing';
import { RedisMailboxes } from '../../../apps/storage/src/mailbox/redis-mailboxes.js';
import { RedisProvider } from '../../../apps/storage/src/redis/redis.provider.js';
import { STORAGE_PREFIX, storageSchema } from '../../../apps/storage/src/storage.config.js';
import { MemoryLog } from '../memory-log.js';
import { expectConsistent } from './account-inspection.js';
import { anOwner, networkOf, OWN_SEED } from './fake-swarm.js';
import { FixedShares } from './fixed-shares.js';
import { MailboxModel } from './mailbox-model.js';
import { ALICE, aMessage, Comparison, shares, steps } from './mailbox-story.js';
import { StorageUnderTest } from './storage-under-test.js';

const START_TIMEOUT_MS = 60_000;
const RECOVERY_TIMEOUT_MS = 30_000;
const RUNS = 60;
const DAY_MS = 86_400_000;
const NOW = Date.now();

const describeWhereItCanRun = canStartRedisCluster() ? describe : describe.skip; // programs only: see startRedisCluster

describeWhereItCanRun('mailboxes in a Redis Cluster of three masters', () => {
  let servers: TestRedisCluster;
  let cluster: Cluster;
  beforeAll(async () => {
    servers = await startRedisCluster();
    cluster = await connectRedisCluster({ url: servers.url, name: 'test' });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    cluster.disconnect();
    await servers.stop();
  });

  it(
    'answer any sequence of operations as the model does',
    async () => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(steps, shares, async (story, share) => {
          const prefix = `run.${run++}`;
          const inspect = (): Promise<void> => expectConsistent(cluster, prefix, ALICE);
          await new Comparison(new RedisMailboxes(cluster, prefix, share), new MailboxModel(share), inspect).play(
            story,
          );
        }),
        { numRuns: RUNS },
      );
    },
    START_TIMEOUT_MS,
  );

  it(
    'spread over all servers, are purged everywhere, and go on elsewhere while one server is away',
    async () => {
      const mailboxes = new RedisMailboxes(cluster, 'spread', new FixedShares());
      const accounts = Array.from({ length: 64 }, (_unused, byte) => anAccount(byte));
      const message = aMessage({ number: 1, namespace: 0 }, NOW, NOW + DAY_MS);
      const storeAll = (): Promise<PromiseSettledResult<unknown>[]> =>
        Promise.allSettled(accounts.map((each) => mailboxes.store(each, message, NOW)));
      for (const outcome of await storeAll()) expect(outcome).toMatchObject({ value: { already: false } });
      for (const client of servers.clients) expect((await client.keys('spread:{*:i')).length).toBeGreaterThan(0);

      await servers.kill(1);
      const outcomes = await storeAll();
      const problems = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.length).toBeLessThan(accounts.length);
      for (const problem of problems) expect(problem.reason).toBeInstanceOf(RedisUnavailable);

      await servers.restart(1);
      await waitUntil('all servers', RECOVERY_TIMEOUT_MS, async () => {
        for (const outcome of await storeAll()) expect(outcome).toMatchObject({ value: { already: true } });
      });
      let freed = 0;
      for (let step = 1; step > 0; freed += step) step = await mailboxes.purge(NOW + DAY_MS);
      expect(freed).toBe(accounts.length);
    },
    2 * RECOVERY_TIMEOUT_MS,
  );
});

describeWhereItCanRun('the storage service on a Redis Cluster', () => {
  let servers: TestRedisCluster;
  let service: StorageUnderTest;
  beforeAll(async () => {
    servers = await startRedisCluster();
    const settings = { STORAGE_REDIS_URL: servers.url, STORAGE_REDIS_CLUSTER: 'true' };
    service = await StorageUnderTest.start(OWN_SEED, settings);
    await service.publish(networkOf([]));
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await service.stop();
    await servers.stop();
  });

  it('stores, gives and frees', async () => {
    const { hex } = anOwner(true);
    const data = Buffer.from('in a cluster').toString('base64');
    const request = { pubkey: hex, namespace: -10, timestamp: Date.now(), ttl: DAY_MS, data };
    expect((await service.call('store', request)).status).toBe(200);
    const { body } = await service.call('retrieve', { pubkey: hex, namespace: -10 });
    expect(body).toMatchObject({ messages: [{ data }] });
    expect(await service.mailboxes.purge(Date.now() + 2 * DAY_MS)).toBe(1);
    expect(service.log.faults).toEqual([]);
    expect(service.problems()).toEqual({});
  });
});

describeWhereItCanRun('a Redis Cluster that cannot be used', () => {
  it(
    'is told in a sentence: one server of it alone, several addresses of none, a wrong password, one that may evict',
    async () => {
      const servers = await startRedisCluster({
        config: ['user one on >right ~* +@all', 'user default on nopass ~* +@all'],
      });
      const startWith = async (settings: Readonly<Record<string, string>>): Promise<unknown> => {
        const config = readConfig(storageSchema, STORAGE_PREFIX, { STORAGE_KEY_FILE: 'unused', ...settings });
        const redis: unknown = RedisProvider.useFactory(config, new MemoryLog(), new Readiness());
        return Promise.resolve(redis).catch((cause: unknown) => cause);
      };
      const [one = ''] = servers.url.split(',');
      expect(await startWith({ STORAGE_REDIS_URL: one })).toMatchObject({
        message: 'Redis is a server of a cluster; set STORAGE_REDIS_CLUSTER to true',
      });
      expect(await startWith({ STORAGE_REDIS_URL: servers.url })).toMatchObject({
        message: expect.stringMatching(/^STORAGE_REDIS_URL: has several addresses; give one, or set/) as unknown,
      });
      const cluster = { STORAGE_REDIS_URL: servers.url, STORAGE_REDIS_CLUSTER: 'true' };
      expect(await startWith({ ...cluster, STORAGE_REDIS_USER: 'one', STORAGE_REDIS_PASSWORD: 'wrong' })).toMatchObject(
        {
          message: expect.stringMatching(/ refuses the user or password; check STORAGE_REDIS_USER/) as unknown,
        },
      );
      await servers.clients[2]?.config('SET', 'maxmemory-policy', 'allkeys-lru');
      expect(await startWith(cluster)).toMatchObject({
        message: 'Redis may evict messages (maxmemory-policy allkeys-lru); set maxmemory-policy noeviction',
      });
      await servers.stop();
    },
    START_TIMEOUT_MS,
  );
});
