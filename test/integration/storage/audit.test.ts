import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AccountId, bdecode, bencode, type BValue } from '#protocol';
import type { PeerReply } from '#transport';
import { accountKeys, accountTag } from '../../../apps/storage/src/mailbox/account-keys.js';
import { hashToBytes } from '../../../apps/storage/src/mailbox/message-record.js';
import { expectConsistent } from './account-inspection.js';
import { anOwner, FakeMember, keeps, networkOf, OWN_SEED, type Asked, type Answerer } from './fake-swarm.js';
import { StorageInSwarm } from './storage-in-swarm.js';
import { StorageUnderTest } from './storage-under-test.js';

const START_TIMEOUT_MS = 60_000;
const DAY_MS = 86_400_000;
/** An index is met once in 16 looks, so with this many it is missed once in 10^28. */
const MANY_LOOKS = 1_000;
const { hex: ACCOUNT } = anOwner(true);
const OWNER = AccountId.parse(ACCOUNT);
const KEYS = accountKeys('starling', accountTag(OWNER));

/** Answers for a member that has these data, in the account's inbox. */
const has =
  (data: string, changes: Readonly<Record<string, number>> = {}) =>
  (asked: Asked): PeerReply => {
    if (asked.method !== 'sync/fetch') return keeps(asked);
    const message = { data: Buffer.from(data), expiry: Date.now() + DAY_MS, namespace: -10, timestamp: Date.now() };
    return { status: 200, body: bencode([{ ...message, ...changes }]) };
  };

describe('the audit of stored messages', () => {
  const swarm = new StorageInSwarm({ STORAGE_AUDIT_PER_MINUTE: '0' });
  afterEach(() => swarm.service.redis.client.flushdb());

  async function storedIn(...answers: Answerer[]): Promise<string> {
    await swarm.join(answers);
    const data = Buffer.from('whole').toString('base64');
    const request = { pubkey: ACCOUNT, namespace: -10, timestamp: Date.now(), ttl: DAY_MS, data };
    const { status, body } = await swarm.service.call('store', request);
    expect(status).toBe(200);
    return (body as { hash: string }).hash;
  }
  async function damage(): Promise<void> {
    const { client } = swarm.service.redis;
    const [number = Buffer.alloc(0)] = await client.hkeysBuffer(KEYS.bodies);
    await client.hset(KEYS.bodies, number, 'whale');
  }
  const texts = async (): Promise<string[]> => {
    const { body } = await swarm.service.call('retrieve', { pubkey: ACCOUNT, namespace: -10 });
    return (body as { messages: { data: string }[] }).messages.map(({ data }) =>
      Buffer.from(data, 'base64').toString(),
    );
  };
  const counted = async (outcome: string): Promise<number> =>
    Number(
      new RegExp(`^storage_audited_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(
        await swarm.service.metrics(),
      )?.[1],
    );

  it('leaves what is sound', async () => {
    await storedIn(keeps);
    await swarm.service.audit.look(MANY_LOOKS);
    expect(await texts()).toEqual(['whole']);
    expect(await counted('sound')).toBeGreaterThan(0);
  });

  it('replaces what is damaged by what another member has, once, though one before it lies', async () => {
    const hash = await storedIn(has('a lie'), has('whole', { expiry: 1 }), has('whole'));
    await damage();
    await swarm.service.audit.look(MANY_LOOKS);
    expect(await texts()).toEqual(['whole']);
    expect(await counted('mended')).toBe(1);
    await expectConsistent(swarm.service.redis.client, 'starling', OWNER);

    for (const member of swarm.members) {
      const asked = member.asked.filter(({ method }) => method === 'sync/fetch');
      expect(asked).toHaveLength(1);
      const question = bdecode(asked[0]?.params ?? new Uint8Array()) as ReadonlyMap<string, BValue>;
      expect(question.get('account')).toEqual(OWNER.bytes);
      expect(question.get('hashes')).toEqual([new Uint8Array(hashToBytes(hash) ?? [])]);
    }
    expect(JSON.stringify(swarm.service.log.lines)).not.toContain(hash);
    expect(JSON.stringify(swarm.service.log.lines)).not.toContain(ACCOUNT.slice(2));
  });

  it('takes out of view what nobody has whole, and takes it again when somebody sends it', async () => {
    await storedIn(has('a lie'), (asked) =>
      asked.method === 'sync/fetch' ? { status: 500, body: Buffer.from('') } : keeps(asked),
    );
    await damage();
    await swarm.service.audit.look(MANY_LOOKS);
    expect(await texts()).toEqual([]);
    expect(await counted('dropped')).toBe(1);
    await expectConsistent(swarm.service.redis.client, 'starling', OWNER);
    await swarm.leave();
    await storedIn(keeps);
    expect(await texts()).toEqual(['whole']);
  });

  it.each([
    ['the index', async () => swarm.service.redis.client.hset(KEYS.index, await anyHash(), Buffer.alloc(9))],
    ['the body', () => swarm.service.redis.client.del(KEYS.bodies)],
  ])('finds %s damaged too', async (_what, harm) => {
    await storedIn(has('whole'));
    await harm();
    await swarm.service.audit.look(MANY_LOOKS);
    expect(await texts()).toEqual(['whole']);
  });
  const anyHash = async (): Promise<Buffer> => {
    const [hash] = (await swarm.service.redis.client.hkeysBuffer(KEYS.index)).filter((field) => field.length === 32);
    return hash ?? Buffer.alloc(0);
  };
});

describe('sync/fetch', () => {
  let service: StorageUnderTest;
  let member: FakeMember;
  beforeAll(async () => {
    service = await StorageUnderTest.start(OWN_SEED);
    member = await FakeMember.start(0x21, keeps);
    await service.publish(networkOf([member.record]));
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    expect(service.log.faults).toEqual([]);
    await service.stop();
    await member.stop();
  });

  const fetch = (from: string, body: Uint8Array) => service.send({ source: 'peer', method: 'sync/fetch', from, body });
  const question = (account: AccountId, hashes: readonly Uint8Array[]): Uint8Array =>
    bencode({ account: account.bytes, hashes });

  it('gives a member of the swarm what it asks for and is there, with all that it needs to keep it', async () => {
    const stored = await Promise.all(
      ['one', 'two'].map(async (text) => {
        const timestamp = Date.now();
        const data = Buffer.from(text).toString('base64');
        const { body } = await service.call('store', { pubkey: ACCOUNT, namespace: -10, timestamp, ttl: DAY_MS, data });
        return { text, timestamp, hash: hashToBytes((body as { hash: string }).hash) ?? Buffer.alloc(0) };
      }),
    );
    const asked = [...stored.map(({ hash }) => hash), Buffer.alloc(32)];
    const { status, body } = await fetch(member.id, question(OWNER, asked));
    expect(status).toBe(200);
    const messages = bdecode(body) as ReadonlyMap<string, BValue>[];
    expect(messages.map((message) => Object.fromEntries(message))).toEqual(
      stored.map(({ text, timestamp }) => ({
        data: new Uint8Array(Buffer.from(text)),
        expiry: timestamp + DAY_MS,
        namespace: -10,
        timestamp,
      })),
    );
  });

  it.each([
    ['a node of another swarm', '77'.repeat(32), () => question(OWNER, []), 421],
    ['a node without a name', '', () => question(OWNER, []), 421],
    ['an account of another swarm', null, () => question(AccountId.parse(anOwner(false).hex), []), 421],
    ['what is no bencode', null, () => Buffer.from('x'), 400],
    ['a hash that is none', null, () => question(OWNER, [Buffer.alloc(31)]), 400],
    [
      'too many hashes',
      null,
      () =>
        question(
          OWNER,
          Array.from({ length: 65 }, () => Buffer.alloc(32)),
        ),
      400,
    ],
  ])('refuses %s', async (_what, from, body, status) => {
    expect((await fetch(from ?? member.id, body())).status).toBe(status);
  });
});
