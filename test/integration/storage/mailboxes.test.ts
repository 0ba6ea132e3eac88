import { beforeEach, describe, expect, it } from '@jest/globals';
import { AccountId, messageCost, type PageLimits } from '#protocol';
import { anAccount } from '#testing';
import type { NewMessage } from '../../../apps/storage/src/mailbox/mailboxes.js';
import { aMessage } from './a-message.js';
import { ConnectedRedis, PREFIX } from './connected-redis.js';

const NOW = Date.now();
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const ALL: PageLimits = { maxMessages: null, maxCost: 7_800_000 };

const ALICE = anAccount(0xa1);

const message = (name: string, changes: Partial<NewMessage> = {}): NewMessage => aMessage(name, NOW, changes);
/** As it stands in the indexes. */
const tagOf = ({ bytes }: AccountId): string => Buffer.from(bytes).toString('base64url');
const hashOf = (name: string): string => message(name).hash;

describe('mailboxes in Redis', () => {
  const redis = new ConnectedRedis();
  beforeEach(() => redis.server.client.flushdb());

  const textsOf = async (nowMs = NOW, limits = ALL, after: string | null = null): Promise<string[]> => {
    const { messages } = await redis.mailboxes.page(ALICE, 0, after, limits, nowMs);
    return messages.map(({ data }) => data.toString());
  };

  async function expectEmptied(accounts: number): Promise<void> {
    const keys = await redis.server.client.keys('*');
    expect(keys.filter((key) => !key.endsWith(':i'))).toEqual([]);
    expect(keys).toHaveLength(accounts);
    for (const key of keys) {
      expect(await redis.server.client.hkeys(key)).toEqual(['s', 'b']);
      expect(await redis.server.client.pttl(key)).toBeLessThanOrEqual(600_000);
    }
  }

  it('gives back what was stored, byte for byte', async () => {
    const data = Buffer.from([0, 255, 10, 13, 0x7b, 0x7d]);
    await redis.mailboxes.store(ALICE, message('bytes', { data, timestampMs: NOW - 5 }), NOW);
    expect(await redis.mailboxes.page(ALICE, 0, null, ALL, NOW)).toEqual({
      messages: [{ hash: hashOf('bytes'), timestampMs: NOW - 5, expiryMs: NOW + HOUR_MS, data }],
      more: false,
    });
  });

  it('keeps accounts and namespaces apart', async () => {
    await redis.mailboxes.store(ALICE, message('hers'), NOW);
    await redis.mailboxes.store(ALICE, message('elsewhere', { namespace: -10 }), NOW);
    await redis.mailboxes.store(anAccount(0xb0), message('his'), NOW);
    expect(await textsOf()).toEqual(['hers']);
  });

  it('holds a message once, with the later expiry and its first place in the order', async () => {
    await redis.mailboxes.store(ALICE, message('first'), NOW);
    await redis.mailboxes.store(ALICE, message('second'), NOW);
    const again = message('first', { timestampMs: NOW + 9, expiryMs: NOW + 2 * HOUR_MS });
    expect(await redis.mailboxes.store(ALICE, again, NOW)).toEqual({ already: true, expiryMs: NOW + 2 * HOUR_MS });
    const sooner = message('first', { expiryMs: NOW + 1 });
    expect(await redis.mailboxes.store(ALICE, sooner, NOW)).toEqual({ already: true, expiryMs: NOW + 2 * HOUR_MS });

    const { messages } = await redis.mailboxes.page(ALICE, 0, null, ALL, NOW);
    expect(messages.map(({ data, timestampMs }) => [data.toString(), timestampMs])).toEqual([
      ['first', NOW],
      ['second', NOW],
    ]);
  });

  it('does not show what has expired, and takes it as new when it is stored again', async () => {
    await redis.mailboxes.store(ALICE, message('short', { expiryMs: NOW + 1_000 }), NOW);
    await redis.mailboxes.store(ALICE, message('long'), NOW);
    expect(await textsOf(NOW + 999)).toEqual(['short', 'long']);
    expect(await textsOf(NOW + 1_000)).toEqual(['long']);
    expect(await redis.mailboxes.delete(ALICE, [hashOf('short')], NOW + 1_000)).toEqual([]);

    await redis.mailboxes.store(ALICE, message('brief', { expiryMs: NOW + 1_000 }), NOW);
    expect(await redis.mailboxes.store(ALICE, message('brief'), NOW + 1_000)).toMatchObject({ already: false });
    expect(await textsOf(NOW + 1_000)).toEqual(['long', 'brief']);
  });

  it('moves a hash to the namespace where it is stored again after it expired in another', async () => {
    await redis.mailboxes.store(ALICE, message('same', { namespace: 4, expiryMs: NOW + 1_000 }), NOW);
    await redis.mailboxes.store(ALICE, message('same', { namespace: 42 }), NOW + 1_000);
    const pages = await Promise.all([4, 42].map((each) => redis.mailboxes.page(ALICE, each, null, ALL, NOW + 1_000)));
    expect(pages.map(({ messages }) => messages.length)).toEqual([0, 1]);
  });

  it('keeps one message where a new one replaces the others', async () => {
    for (const name of ['one', 'two', 'three'])
      await redis.mailboxes.store(ALICE, message(name, { replaces: true }), NOW);
    await redis.mailboxes.store(ALICE, message('elsewhere', { namespace: 5 }), NOW);
    expect(await textsOf()).toEqual(['three']);
    expect((await redis.mailboxes.page(ALICE, 5, null, ALL, NOW)).messages).toHaveLength(1);
  });

  it('pages by number of messages and goes on after a hash', async () => {
    const names = Array.from({ length: 250 }, (_unused, index) => `message ${index}`);
    for (const name of names) await redis.mailboxes.store(ALICE, message(name), NOW);
    const seen: string[] = [];
    let after: string | null = null;
    let more = true;
    while (more) {
      const page = await redis.mailboxes.page(ALICE, 0, after, { ...ALL, maxMessages: 99 }, NOW);
      seen.push(...page.messages.map(({ data }) => data.toString()));
      after = page.messages.at(-1)?.hash ?? null;
      more = page.more;
    }
    expect(seen).toEqual(names);
  });

  it('begins at the first message after a hash that it does not hold in this namespace', async () => {
    await redis.mailboxes.store(ALICE, message('first'), NOW);
    await redis.mailboxes.store(ALICE, message('elsewhere', { namespace: 3 }), NOW);
    for (const after of [hashOf('unknown'), hashOf('elsewhere'), 'nonsense']) {
      expect(await textsOf(NOW, ALL, after)).toEqual(['first']);
    }
    expect(await textsOf(NOW, ALL, hashOf('first'))).toEqual([]);
  });

  it('fills a page up to its cost, and gives one message even when it alone is above', async () => {
    for (const name of ['aa', 'bb', 'cc']) await redis.mailboxes.store(ALICE, message(name), NOW);
    const two = { maxMessages: null, maxCost: 2 * messageCost(2) };
    expect(await redis.mailboxes.page(ALICE, 0, null, two, NOW)).toMatchObject({ messages: [{}, {}], more: true });
    expect(await textsOf(NOW, { ...two, maxCost: two.maxCost - 1 })).toEqual(['aa']);
    expect(await textsOf(NOW, { ...two, maxCost: 1 })).toEqual(['aa']);
  });

  it('deletes in whatever namespaces and tells what was there', async () => {
    for (const namespace of [0, -10, 5])
      await redis.mailboxes.store(ALICE, message(`in ${namespace}`, { namespace }), NOW);
    const asked = ['in 5', 'in 0', 'never there', 'in 5'].map(hashOf);
    expect(await redis.mailboxes.delete(ALICE, [...asked, 'nonsense'], NOW)).toEqual([hashOf('in 5'), hashOf('in 0')]);
    expect(await redis.mailboxes.delete(ALICE, asked, NOW)).toEqual([]);
    expect(await textsOf()).toEqual([]);
    expect((await redis.mailboxes.page(ALICE, -10, null, ALL, NOW)).messages).toHaveLength(1);
  });

  it('leaves nothing behind when the last message is deleted but a number and a tombstone that end by themselves', async () => {
    await redis.mailboxes.store(ALICE, message('only'), NOW);
    await redis.mailboxes.delete(ALICE, [hashOf('only')], NOW);
    await redis.mailboxes.purge(NOW + 2 * HOUR_MS);
    const [tombstones = ''] = await redis.server.client.keys('*:t');
    expect(await redis.server.client.pttl(tombstones)).toBeLessThanOrEqual(HOUR_MS);
    expect(await redis.server.client.del(tombstones)).toBe(1);
    await expectEmptied(1);
  });

  it('frees expired messages of many accounts step by step, and nothing else', async () => {
    for (let number = 0; number < 40; number++) {
      for (let index = 0; index < 6; index++) {
        const expiryMs = index < 5 ? NOW + 1_000 : NOW + HOUR_MS;
        await redis.mailboxes.store(anAccount(number), message(`${number} ${index}`, { expiryMs }), NOW);
      }
    }
    let freed = 0;
    for (let step = await redis.mailboxes.purge(NOW + 1_000); step > 0; step = await redis.mailboxes.purge(NOW + 1_000))
      freed += step;
    expect(freed).toBe(200);
    expect((await redis.mailboxes.page(anAccount(7), 0, null, ALL, NOW)).messages).toHaveLength(1);

    for (let step = 1; step > 0; step = await redis.mailboxes.purge(NOW + HOUR_MS)) freed += step;
    await expectEmptied(40);
  });

  it('frees 200 messages of each due account in a step, in bounded steps, however many are due', async () => {
    const accounts = Array.from({ length: 20 }, (_unused, byte) => anAccount(byte));
    const names = Array.from({ length: 250 }, (_unused, index) => `message ${index}`);
    const short = { expiryMs: NOW + 1_000 };
    for (const each of accounts)
      await Promise.all(names.map((name) => redis.mailboxes.store(each, message(name, short), NOW)));
    const steps: number[] = [];
    for (let freed = 1; freed > 0; steps.push(freed)) freed = await redis.mailboxes.purge(NOW + 1_000);
    expect(steps).toEqual([20 * 200, 20 * 50, 0]);
  });

  it('lets keys that nobody purges end by themselves, but not before a message could have expired', async () => {
    await redis.mailboxes.store(ALICE, message('first'), NOW);
    await redis.mailboxes.store(ALICE, message('elsewhere', { namespace: 5 }), NOW);
    const lives = async (): Promise<number[]> => {
      const keys = (await redis.server.client.keys('*')).filter((key) => !key.includes(':due:'));
      expect(keys).toHaveLength(4); // index, bodies, order, expiries
      return Promise.all(keys.map((key) => redis.server.client.pttl(key)));
    };
    for (const ms of await lives()) expect(ms).toBeGreaterThan(31 * DAY_MS);

    for (const key of await redis.server.client.keys('*')) await redis.server.client.pexpire(key, DAY_MS);
    const changes = ['first', 'elsewhere'].map((name) => ({ hash: hashOf(name), expiryMs: NOW + 30 * DAY_MS }));
    await redis.mailboxes.changeExpiries(ALICE, changes, 'extend', NOW);
    for (const ms of await lives()) expect(ms).toBeGreaterThan(31 * DAY_MS);
  });

  it('goes on after the scripts were flushed', async () => {
    await redis.mailboxes.store(ALICE, message('before'), NOW);
    await redis.server.client.script('FLUSH');
    await redis.mailboxes.store(ALICE, message('after'), NOW);
    expect(await textsOf()).toEqual(['before', 'after']);
  });

  it('know when a message expires, whatever happened to the script that stored it', async () => {
    const dueAt = (): Promise<string | null> => redis.server.client.zscore(`${PREFIX}:due:{1}`, tagOf(ALICE));
    await redis.mailboxes.store(ALICE, message('late', { expiryMs: NOW + DAY_MS }), NOW);
    expect(await dueAt()).toBe(String(NOW + DAY_MS));
    await redis.server.client.script('FLUSH');
    await redis.mailboxes.store(ALICE, message('early'), NOW);
    expect(await dueAt()).toBe(String(NOW + HOUR_MS));
    expect(await redis.mailboxes.purge(NOW + HOUR_MS)).toBe(1);
    expect(await dueAt()).toBe(String(NOW + DAY_MS));
  });

  it('never gives a number twice, though the account was emptied, its keys ended, or the clock was set back', async () => {
    const numbers: number[] = [];
    const storeAt = async (name: string, nowMs: number): Promise<void> => {
      await redis.mailboxes.store(ALICE, message(name), nowMs);
      const [index = ''] = await redis.server.client.keys('*:i');
      numbers.push(Number(await redis.server.client.hget(index, 's')));
    };
    await storeAt('first', NOW);
    await storeAt('same moment', NOW);
    await storeAt('clock set back', NOW - DAY_MS);
    await redis.mailboxes.deleteMany(ALICE, 'all', null, NOW);
    await storeAt('after it was emptied', NOW);
    await redis.server.client.flushdb();
    await storeAt('after its keys ended', NOW + 2);
    expect(numbers).toHaveLength(5);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  });

  it('numbers arrivals in the order of the stores even when they come all at once', async () => {
    const names = Array.from({ length: 100 }, (_unused, index) => `message ${index}`);
    await Promise.all(names.map((name) => redis.mailboxes.store(ALICE, message(name), NOW)));
    expect(await textsOf()).toEqual(names);
  });
});
