import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeNewMessage } from '#contracts';
import { AccountId, bencode, noblePrimitives, signingText } from '#protocol';
import { waitUntil } from '#testing';
import { anOwner, networkOf, nodeKey, OWN_SEED } from './fake-swarm.js';
import { aDelegatesWish, aWish, partOf, tokenFor } from './monitor-wishes.js';
import { StorageUnderTest } from './storage-under-test.js';

const START_TIMEOUT_MS = 60_000;
const RECOVERY_TIMEOUT_MS = 15_000;
const DAY_MS = 86_400_000;
const SUCCESS = 'd7:successi1ee';
const { pair: OWNER, hex: ACCOUNT } = anOwner(true);
const MINE = AccountId.parse(ACCOUNT);
const { pair: STRANGER, hex: ELSEWHERE } = anOwner(false);
const DELEGATE = nodeKey(0x55).ed25519;
const KEY = `storage:{${Buffer.from(MINE.bytes).toString('base64url')}}:w`;

describe('subscriptions at storage', () => {
  let service: StorageUnderTest;
  let published: { readonly subject: string; readonly data: Uint8Array }[];
  beforeAll(async () => {
    service = await StorageUnderTest.start(OWN_SEED, { STORAGE_REDIS_PREFIX: 'storage' });
    await service.publish(networkOf([]));
    published = await service.listen('storage.new.>');
  }, START_TIMEOUT_MS);
  afterEach(async () => {
    expect(service.log.faults).toEqual([]);
    await service.redis.client.flushdb();
    published.length = 0;
  });
  afterAll(() => service.stop());

  const ask = async (part: Uint8Array): Promise<{ status: number; text: string; grants: number }> => {
    const { status, reply, grants } = await service.monitor(part);
    return { status, text: Buffer.from(reply).toString(), grants: grants.length };
  };
  const store = async (text: string, namespace = 0): Promise<void> => {
    const timestamp = Date.now();
    const signature = noblePrimitives.ed25519Sign(signingText.store(namespace, timestamp), OWNER);
    const signed = {
      pubkey: ACCOUNT,
      namespace,
      ttl: DAY_MS,
      timestamp,
      data: Buffer.from(text).toString('base64'),
      signature: Buffer.from(signature).toString('base64'),
    };
    expect((await service.call('store', signed)).status).toBe(200);
  };
  const told = (): [number, string | null][] =>
    published.splice(0).map(({ data }) => {
      const message = decodeNewMessage(data);
      return [message.namespace, message.data === null ? null : Buffer.from(message.data).toString()];
    });

  it('are granted one by one, in the order in which they were asked for, with what the relay has to know', async () => {
    const other = aWish(AccountId.parse(ELSEWHERE), STRANGER, [0]);
    const { reply, grants } = await service.monitor(
      partOf(aWish(MINE, OWNER, [-5, 0], true), other, aWish(MINE, OWNER, [7])),
    );
    expect(Buffer.from(reply).toString()).toBe(
      `l${SUCCESS}d7:errcodei6e5:error45:This node is not in the swarm of that accounte${SUCCESS}e`,
    );
    expect(grants.map(({ wantsData, namespaces }) => ({ wantsData, namespaces }))).toEqual([
      { wantsData: true, namespaces: [-5, 0] },
      { wantsData: false, namespaces: [7] },
    ]);
    expect(grants.map(({ account }) => Buffer.from(account).toString('hex'))).toEqual([ACCOUNT, ACCOUNT]);
  });

  it.each([
    ['265: signed by somebody else', aWish(MINE, STRANGER, [0]), 5],
    ['264: of last month', aWish(MINE, OWNER, [0], false, { t: 1_600_000_000 }), 4],
    ['263: of namespaces in disorder', aWish(MINE, OWNER, [5, 3]), 3],
  ])('%s are refused, and nothing is noted', async (_what, wish, code) => {
    const { text, grants } = await ask(partOf(wish));
    expect([text.startsWith(`d7:errcodei${code}e`), grants]).toEqual([true, 0]);
    expect(await service.redis.client.exists(KEY)).toBe(0);
  });

  it('267: that cannot be read are refused whole', async () => {
    expect((await ask(Buffer.from('hello'))).text).toContain('errcodei1e');
    expect((await ask(bencode([{}, 5]))).text).toContain('Failed to parse monitor.messages data value');
  });

  it('258, 269: of a delegate last as long as the owner does not take the token back', async () => {
    const wish = aDelegatesWish(MINE, OWNER, DELEGATE);
    expect((await ask(partOf(wish))).text).toBe(SUCCESS);
    const timestamp = Date.now();
    const token = tokenFor(MINE, DELEGATE);
    const signature = noblePrimitives.ed25519Sign(signingText.revokeSubaccount(timestamp, [token]), OWNER);
    const revoke = {
      pubkey: ACCOUNT,
      timestamp,
      revoke: Buffer.from(token).toString('hex'),
      signature: Buffer.from(signature).toString('base64'),
    };
    expect((await service.call('revoke_subaccount', revoke)).status).toBe(200);
    expect((await ask(partOf(wish))).text).toContain(
      'errcodei5e5:error52:Subaccount verification failed: the token is revoked',
    );
  });

  it('are noted for 65 minutes, and who wants data is not outdone by who does not', async () => {
    await ask(partOf(aWish(MINE, OWNER, [0])));
    expect(await service.redis.client.get(KEY)).toBe('');
    await ask(partOf(aWish(MINE, OWNER, [0], true)));
    expect(await service.redis.client.get(KEY)).toBe('d');
    await service.redis.client.pexpire(KEY, 1_000);
    await ask(partOf(aWish(MINE, OWNER, [0])));
    expect(await service.redis.client.get(KEY)).toBe('d');
    const leftMs = await service.redis.client.pttl(KEY);
    expect(leftMs).toBeGreaterThan(64 * 60_000);
    expect(leftMs).toBeLessThanOrEqual(65 * 60_000);
  });

  it('make each new message known, with its data when somebody wants them, and 262: none that was held', async () => {
    await ask(partOf(aWish(MINE, OWNER, [0])));
    await store('first');
    await store('first');
    await ask(partOf(aWish(MINE, OWNER, [0], true)));
    await store('first');
    await store('second', 3);
    await store('third');
    expect(told()).toEqual([
      [0, null],
      [3, 'second'],
      [0, 'third'],
    ]);
  });

  it('are what it takes: without them nothing is published', async () => {
    await store('unseen');
    await ask(partOf(aWish(MINE, OWNER, [0])));
    await store('seen');
    expect(told()).toEqual([[0, null]]);
    await service.redis.client.del(KEY);
    await store('unseen again');
    await ask(partOf(aWish(MINE, OWNER, [0])));
    await store('seen again');
    expect(told()).toEqual([[0, null]]);
  });

  it('name no account and no message in a subject, and count without names', async () => {
    await ask(partOf(aWish(MINE, OWNER, [0], true), aWish(MINE, STRANGER, [0])));
    await store('counted');
    for (const { subject } of published) expect(subject).toMatch(/^storage\.new\.\d{1,2}$/);
    const text = await service.metrics();
    expect(text).toMatch(/^storage_monitor_total\{outcome="granted"\} [1-9]/m);
    expect(text).toMatch(/^storage_monitor_total\{outcome="refused"\} [1-9]/m);
    expect(text).toMatch(/^storage_told_total [1-9]/m);
    expect(text + JSON.stringify(service.log.lines)).not.toContain(ACCOUNT.slice(2));
  });

  it(
    'come in thousands in one list',
    async () => {
      const wish = aWish(MINE, OWNER, [0]);
      const { status, text, grants } = await ask(
        bencode(Array.from({ length: 2_000 }, (_unused, at) => (at % 50 ? {} : wish))),
      );
      expect([status, grants]).toEqual([200, 40]);
      expect(text.match(/errcodei3e/g)).toHaveLength(1_960);
    },
    START_TIMEOUT_MS,
  );

  it(
    'are not granted while Redis is away, and are as soon as it is back',
    async () => {
      await service.redis.kill();
      expect(await ask(partOf(aWish(MINE, OWNER, [0])))).toEqual({
        status: 503,
        text: 'Server busy, try again later',
        grants: 0,
      });
      await service.redis.restart();
      await waitUntil('Redis', RECOVERY_TIMEOUT_MS, async () => {
        expect((await ask(partOf(aWish(MINE, OWNER, [0])))).text).toBe(SUCCESS);
      });
    },
    START_TIMEOUT_MS,
  );
});
