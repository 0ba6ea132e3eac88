import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { RedisMailboxes } from '../../../apps/storage/src/mailbox/redis-mailboxes.js';
import { expectConsistent } from './account-inspection.js';
import { ConnectedRedis } from './connected-redis.js';
import { MailboxModel } from './mailbox-model.js';
import { ALICE, Comparison, shares, steps } from './mailbox-story.js';

const TEST_TIMEOUT_MS = 120_000;
const RUNS = 150;

describe('mailboxes in Redis against a model', () => {
  const redis = new ConnectedRedis();

  it(
    'answer any sequence of stores, pages, deletes and purges as the model does',
    async () => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(steps, shares, async (story, share) => {
          const prefix = `run.${run++}`;
          const mailboxes = new RedisMailboxes(redis.connection, prefix, share);
          const model = new MailboxModel(share);
          await new Comparison(mailboxes, model, () => expectConsistent(redis.connection, prefix, ALICE)).play(story);
        }),
        { numRuns: RUNS },
      );
    },
    TEST_TIMEOUT_MS,
  );
});
