import { afterAll, beforeAll, describe, it } from '@jest/globals';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { connectRedis } from '#platform';
import { startRedis, type TestRedis } from '#testing';
import { RedisMailboxes } from '../../../apps/storage/src/mailbox/redis-mailboxes.js';
import { expectConsistent } from './account-inspection.js';
import { MailboxModel } from './mailbox-model.js';
import { ALICE, Comparison, shares, steps } from './mailbox-story.js';

const START_TIMEOUT_MS = 60_000;
const TEST_TIMEOUT_MS = 120_000;
const RUNS = 150;

describe('mailboxes in Redis against a model', () => {
  let server: TestRedis;
  let redis: Redis;
  beforeAll(async () => {
    server = await startRedis();
    redis = await connectRedis({ url: server.url, name: 'test' });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  it(
    'answer any sequence of stores, pages, deletes and purges as the model does',
    async () => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(steps, shares, async (story, share) => {
          const prefix = `run.${run++}`;
          const mailboxes = new RedisMailboxes(redis, prefix, share);
          const model = new MailboxModel(share);
          await new Comparison(mailboxes, model, () => expectConsistent(redis, prefix, ALICE)).play(story);
        }),
        { numRuns: RUNS },
      );
    },
    TEST_TIMEOUT_MS,
  );
});
