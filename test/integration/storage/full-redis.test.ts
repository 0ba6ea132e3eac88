import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { AccountId } from '#protocol';
import { MailboxFull, type NewMessage } from '../../../apps/storage/src/mailbox/mailboxes.js';
import { ConnectedRedis } from './connected-redis.js';

const ALICE = AccountId.parse(`05${'a1'.repeat(32)}`);
const NOW = Date.now();
const ALL = { maxMessages: null, maxCost: 7_800_000 };
const SHORT_MS = 1_000;

const message = (number: number): NewMessage => ({
  hash: createHash('sha256').update(`${number}`).digest('base64').slice(0, -1),
  namespace: 0,
  timestampMs: NOW,
  expiryMs: NOW + (number % 2 === 0 ? SHORT_MS : 3_600_000),
  data: Buffer.alloc(60_000, number),
  replaces: false,
});

describe('mailboxes in a Redis that is full', () => {
  const redis = new ConnectedRedis({ config: ['maxmemory 4mb'] });

  const held = async (): Promise<readonly string[]> =>
    (await redis.mailboxes.page(ALICE, 0, null, ALL, NOW)).messages.map(({ hash }) => hash);

  it('refuse what has no room, keep and give what they have, delete and expire, and then take messages again', async () => {
    const kept: string[] = [];
    let refusal: unknown;
    for (let number = 0; refusal === undefined && number < 1_000; number++) {
      const { hash } = message(number);
      await redis.mailboxes.store(ALICE, message(number), NOW).then(
        () => kept.push(hash),
        (cause: unknown) => (refusal = cause),
      );
    }
    expect(refusal).toBeInstanceOf(MailboxFull);
    expect(kept.length).toBeGreaterThan(10);
    expect(await held()).toEqual(kept);
    const strangers = Array.from({ length: 5 }, (_, byte) => AccountId.parse(`05${`0${byte}`.repeat(32)}`));
    const refused = strangers.map((stranger) => redis.mailboxes.store(stranger, message(3_000), NOW));
    for (const end of await Promise.allSettled(refused)) expect(end.status).toBe('rejected');
    expect(await redis.server.client.keys('node.1:due:*')).toEqual(['node.1:due:{1}']); // nothing is noted of them

    const [first = ''] = kept;
    expect(await redis.mailboxes.delete(ALICE, [first], NOW)).toEqual([first]);
    expect(await redis.mailboxes.purge(NOW + SHORT_MS)).toBeGreaterThan(0);
    expect(await held()).toEqual(kept.filter((_hash, index) => index % 2 === 1));
    expect(await redis.server.client.zcard('node.1:due:{1}')).toBe(1); // 0xa1 % 16: still known to have something to expire

    expect(await redis.mailboxes.store(ALICE, message(2_000), NOW)).toMatchObject({ already: false });
  });
});
