import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountId } from '#protocol';
import { anAccount, startRedis, type TestRedis } from '#testing';
import { MailboxFull, type FullReason, type NewMessage } from '../../../apps/storage/src/mailbox/mailboxes.js';
import { expectConsistent } from './account-inspection.js';
import { anOwner, networkOf, OWN_KEY, OWN_SEED } from './fake-swarm.js';
import { StorageUnderTest } from './storage-under-test.js';

const START_TIMEOUT_MS = 60_000;
const STORY_TIMEOUT_MS = 60_000;
const DAY_MS = 86_400_000;
const NOW = Date.now();
const INBOX = 0;
const CONFIG = 2;

function message(number: number, namespace: number, bytes: number): NewMessage {
  const hash = createHash('sha256').update(`${namespace} ${number}`).digest('base64').slice(0, -1);
  return {
    hash,
    namespace,
    timestampMs: NOW,
    expiryMs: NOW + DAY_MS,
    data: Buffer.alloc(bytes, number),
    replaces: false,
  };
}

describe('an account that has its share', () => {
  let service: StorageUnderTest;
  const { hex: OWNER } = anOwner(true);
  beforeAll(async () => {
    service = await StorageUnderTest.start(OWN_SEED, { STORAGE_OWNER_MAX_MESSAGES: '100' });
    await service.publish(networkOf([]));
  }, START_TIMEOUT_MS);
  afterAll(() => service.stop());

  it('gets nothing more, is told so as a full mailbox, may extend what it has, and goes on when it deletes', async () => {
    const store = (text: string, ttl = DAY_MS): Promise<{ status: number; body: unknown }> =>
      service.call('store', {
        pubkey: OWNER,
        namespace: -10,
        timestamp: Date.now(),
        ttl,
        data: Buffer.from(text).toString('base64'),
      });
    for (let number = 0; number < 100; number++) expect((await store(`message ${number}`)).status).toBe(200);
    const refused = await store('one more');
    expect(refused.status).toBe(500);
    expect(refused.body).toMatchObject({ swarm: { [OWN_KEY.id]: { failed: true, query_failure: true } } });
    expect((await store('message 7', 2 * DAY_MS)).status).toBe(200);
    expect(await service.metrics()).toMatch(/^storage_stores_total\{outcome="full_owner"\} 1$/m);

    const owner = AccountId.parse(OWNER);
    await expectConsistent(service.redis.client, 'starling', owner);
    await service.mailboxes.deleteMany(owner, 'all', null, Date.now());
    expect((await store('one more')).status).toBe(200);
  });
});

describe('one account that floods its inbox', () => {
  let redis: TestRedis;
  let service: StorageUnderTest;
  beforeAll(async () => {
    redis = await startRedis({ config: ['maxmemory 16mb'] });
    service = await StorageUnderTest.start(OWN_SEED, { STORAGE_REDIS_URL: redis.url });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await service.stop();
    await redis.stop();
  });

  const refusal = (owner: AccountId, each: NewMessage): Promise<FullReason | null> =>
    service.mailboxes.store(owner, each, NOW).then(
      () => null,
      (cause: unknown) => {
        if (cause instanceof MailboxFull) return cause.reason;
        throw cause;
      },
    );

  it(
    'is stopped at the watermark, while others and what needs a signature go on, until there is room again',
    async () => {
      const [flooder, other] = [anAccount(0xaa), anAccount(0xbb)];
      let stored = 0;
      let reason: FullReason | null = null;
      while (reason === null && stored < 1_000) {
        await service.memory.look();
        reason = await refusal(flooder, message(stored++, INBOX, 50_000));
      }
      expect(reason).toBe('inboxes');
      expect(await refusal(flooder, message(5_000, INBOX, 1))).toBe('inboxes');
      expect(await refusal(flooder, message(1, CONFIG, 1_000))).toBeNull();
      expect(await refusal(other, message(1, INBOX, 1_000))).toBeNull();
      expect(await refusal(other, message(1, CONFIG, 1_000))).toBeNull();
      expect(await refusal(flooder, message(0, INBOX, 50_000))).toBeNull(); // it has that one
      expect(service.log.lines).toContainEqual(expect.objectContaining({ event: 'inboxes_stand_back' }));

      await service.mailboxes.deleteMany(flooder, INBOX, null, NOW);
      await service.memory.look();
      expect(await refusal(flooder, message(1, INBOX, 50_000))).toBeNull();
      await expectConsistent(redis.client, 'starling', flooder);
    },
    STORY_TIMEOUT_MS,
  );
});
