import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bdecode, bencode, noblePrimitives, signingText, utf8, type BValue } from '#protocol';
import { waitUntil } from '#testing';
import type { PeerReply } from '#transport';
import {
  anOwner,
  FakeMember,
  keeps,
  kept,
  networkOf,
  nodeKey,
  OWN_KEY,
  OWN_SEED,
  record,
  type Answerer,
} from './fake-swarm.js';
import { StorageInSwarm } from './storage-in-swarm.js';
import { StorageUnderTest } from './storage-under-test.js';

const START_TIMEOUT_MS = 60_000;
const RECOVERY_TIMEOUT_MS = 15_000;
const DAY_MS = 86_400_000;
const { pair: OWNER, hex: ACCOUNT } = anOwner(true);
const KEY_HEX = ACCOUNT.slice(2);

/** Into an inbox that everybody may write to and read. */
const aStore = (text: string): object => ({
  pubkey: ACCOUNT,
  namespace: -10,
  timestamp: Date.now(),
  ttl: DAY_MS,
  data: Buffer.from(text).toString('base64'),
});

interface StoreBody {
  readonly hash?: string;
  readonly swarm: Record<string, { signature?: string; hash?: string; [field: string]: unknown }>;
}

describe('a store in a swarm', () => {
  const swarm = new StorageInSwarm();
  const join = (...answers: Answerer[]): Promise<readonly FakeMember[]> => swarm.join(answers);
  const store = async (text: string): Promise<{ status: number; body: StoreBody }> =>
    (await swarm.service.call('store', aStore(text))) as { status: number; body: StoreBody };

  it('is signed by us with the hash, and passed on to every other member with an absolute expiry', async () => {
    const [one, two] = await join(keeps, keeps);
    const before = Date.now();
    const { status, body } = await store('for all');
    expect(status).toBe(200);

    const own = body.swarm[OWN_KEY.id];
    const signature = Buffer.from(own?.signature ?? '', 'base64');
    expect(noblePrimitives.ed25519Verify(signature, utf8(body.hash ?? ''), OWN_KEY.ed25519.publicKey)).toBe(true);
    const { hash } = body;
    expect(body.swarm[one?.id ?? '']).toEqual({ expiry: 1, hash, signature: expect.any(String) as unknown });

    for (const member of [one, two]) {
      expect(member?.asked).toHaveLength(1);
      const [{ method, params, from } = { method: '', params: new Uint8Array(), from: '' }] = member?.asked ?? [];
      expect({ method, from }).toEqual({ method: 'store', from: OWN_KEY.id });
      const dict = bdecode(params) as ReadonlyMap<string, BValue>;
      expect(Buffer.from(dict.get('data') as Uint8Array).toString()).toBe('for all');
      expect(dict.get('expiry')).toBeGreaterThanOrEqual(before + DAY_MS);
      expect(dict.has('ttl')).toBe(false);
    }
  });

  it('tells what became of members that refuse, answer nonsense, fail, are silent or are not there', async () => {
    const absent = record(nodeKey(0x66));
    const [refusing, elsewhere, nonsense, failing, silent] = await swarm.join(
      [
        () => ({ status: 406, body: Buffer.from('Timestamp error: check your clock') }),
        () => ({ status: 421, body: bencode({ swarm: 'ff' }) }),
        () => ({ status: 200, body: Buffer.from('no bencode') }),
        () => ({ status: 500, body: new Uint8Array() }),
        () => new Promise<PeerReply>(() => undefined),
      ],
      [absent],
    );

    const { status, body } = await store('kept by us alone');
    expect(status).toBe(500); // acknowledged means kept by two
    expect(body.swarm).toEqual({
      [OWN_KEY.id]: expect.objectContaining({ hash: body.hash, signature: expect.any(String) as unknown }) as unknown,
      [refusing?.id ?? '']: { failed: true, code: '406', reason: 'Timestamp error: check your clock' },
      [elsewhere?.id ?? '']: { failed: true, code: '421', reason: 'wrong swarm' },
      [nonsense?.id ?? '']: { failed: true, bad_peer_response: true },
      [failing?.id ?? '']: { failed: true, code: '500', reason: '' },
      [silent?.id ?? '']: { failed: true, timeout: true },
      [absent.ed25519]: { failed: true, timeout: true },
    });
  });

  it('waits for a member that hangs once, and asks it again when it answers', async () => {
    const held: ((reply: PeerReply) => void)[] = [];
    const [hanging] = await join((asked) => {
      return held.length < 2 ? new Promise<PeerReply>((resolve) => held.push(resolve)) : keeps(asked);
    }, keeps);
    const entry = async (text: string): Promise<unknown> => (await store(text)).body.swarm[hanging?.id ?? ''];
    expect(await entry('finds out')).toEqual({ failed: true, timeout: true });
    expect(await entry('knows it')).toEqual({ failed: true, timeout: true });
    expect(hanging?.asked).toHaveLength(1);

    await waitUntil('a second look', RECOVERY_TIMEOUT_MS, async () => {
      expect(await entry('looks again')).toEqual({ failed: true, timeout: true });
      expect(hanging?.asked).toHaveLength(2);
    });
    held.forEach((answer) => answer({ status: 200, body: bencode({}) }));
    await waitUntil('the member', RECOVERY_TIMEOUT_MS, async () => {
      expect(await entry('has it')).not.toHaveProperty('failed');
    });
  });

  it('is done when one more member has it, and when a swarm of one has it', async () => {
    await join(keeps, () => ({ status: 500, body: new Uint8Array() }));
    expect((await store('two of three')).status).toBe(200);
    await swarm.service.publish(networkOf([]));
    expect((await store('one of one')).status).toBe(200);
  });

  it('does not count a member that keeps something else', async () => {
    await join(
      () => kept('of another message'),
      () => ({ status: 200, body: bencode({}) }),
    );
    expect((await store('one of three')).status).toBe(500);
  });

  it('is done by the others when our own database is away, and refused when nobody has it', async () => {
    await join(keeps, keeps);
    await swarm.service.redis.kill();
    const { status, body } = await store('without us');
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('hash');
    expect(body.swarm[OWN_KEY.id]).toMatchObject({ failed: true, query_failure: true });
    expect(Object.keys(swarm.service.problems())).toEqual(['redis']);

    await swarm.service.publish(networkOf([]));
    expect((await store('nowhere')).status).toBe(500);
    const read = await swarm.service.call('retrieve', { pubkey: ACCOUNT, namespace: -10 });
    expect(read).toEqual({
      status: 500,
      body: `Internal Server Error. Could not retrieve messages for ${KEY_HEX.slice(0, 4)}…${KEY_HEX.slice(-2)}`,
    });

    await swarm.service.redis.restart();
    await waitUntil('Redis', RECOVERY_TIMEOUT_MS, async () => expect((await store('again')).status).toBe(200));
    expect(swarm.service.problems()).toEqual({});
  });

  it('counts its outcomes, and names nobody', async () => {
    await swarm.service.publish(networkOf([record(nodeKey(0x66))]));
    const { body } = await store('counted');
    const text = await swarm.service.metrics();
    expect(text).toMatch(/^storage_swarm_members 2$/m);
    expect(text).toMatch(/^storage_stores_total\{outcome="new"\} [1-9]/m);
    expect(text).toMatch(/^storage_forwards_total\{outcome="unreachable"\} [1-9]/m);
    expect(text).toMatch(/^storage_handling_seconds_count\{method="store",status="500"\} [1-9]/m);
    const told = text + JSON.stringify(swarm.service.log.lines);
    expect(body.hash).toHaveLength(43);
    for (const name of [KEY_HEX, OWN_KEY.id, String(body.hash), '127.0.0.1']) expect(told).not.toContain(name);
  });
});

describe('a request that another member passed on', () => {
  let service: StorageUnderTest;
  let member: FakeMember;
  beforeAll(async () => {
    service = await StorageUnderTest.start(OWN_SEED);
    member = await FakeMember.start(0x21, () => kept('h'));
    await service.publish(networkOf([member.record]));
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    expect(service.log.faults).toEqual([]);
    await service.stop();
    await member.stop();
  });

  const forward = async (method: string, params: Uint8Array): Promise<{ status: number; body: Buffer }> => {
    const { status, kind, body } = await service.send({ source: 'peer', method, body: params });
    expect(kind).toBe('binary');
    return { status, body: Buffer.from(body) };
  };
  const pubkey = Buffer.from(ACCOUNT, 'hex');
  const stored = (): Record<string, string | number | Uint8Array> => ({
    pubkey,
    namespace: -10,
    timestamp: Date.now(),
    expiry: Date.now() + DAY_MS,
    data: Buffer.from('passed on'),
  });

  it('is done here, signed, and not passed any further', async () => {
    const { status, body } = await forward('store', bencode(stored()));
    expect(status).toBe(200);
    const dict = bdecode(body) as ReadonlyMap<string, Uint8Array>;
    expect(
      noblePrimitives.ed25519Verify(
        dict.get('signature') ?? new Uint8Array(),
        dict.get('hash') ?? new Uint8Array(),
        OWN_KEY.ed25519.publicKey,
      ),
    ).toBe(true);
    const read = await service.call('retrieve', { pubkey: ACCOUNT, namespace: -10 });
    expect(read.body).toMatchObject({ messages: [{ data: Buffer.from('passed on').toString('base64') }] });
    expect(member.asked).toEqual([]);
  });

  it('deletes here what its owner signed for, and tells again that nothing is left', async () => {
    const { body } = await forward('store', bencode({ ...stored(), data: Buffer.from('to go') }));
    const hash = Buffer.from((bdecode(body) as ReadonlyMap<string, Uint8Array>).get('hash') ?? '').toString();
    const signature = noblePrimitives.ed25519Sign(signingText.delete([hash]), OWNER);
    const params = bencode({ pubkey, messages: [hash], signature });
    for (const deleted of [[hash], []]) {
      const answer = await forward('delete', params);
      expect(answer.status).toBe(200);
      const dict = bdecode(answer.body) as ReadonlyMap<string, unknown>;
      expect((dict.get('deleted') as Uint8Array[]).map((each) => Buffer.from(each).toString())).toEqual(deleted);
      const text = Buffer.from(ACCOUNT + hash + deleted.join(''));
      expect(noblePrimitives.ed25519Verify(dict.get('signature') as Uint8Array, text, OWN_KEY.ed25519.publicKey)).toBe(
        true,
      );
    }
  });

  it('is answered beside others that came with it, whatever becomes of those', async () => {
    const command = (method: string, params: Uint8Array, budgetMs = 5_000) => ({ method, params, budgetMs });
    const store = (data: string): Uint8Array => bencode({ ...stored(), data: Buffer.from(data) });
    const answers = await service.passOn(member.id, [
      command('store', store('first of many')),
      command('store', Buffer.from('garbage')),
      command('nonsense', store('second of many')),
      command('store', bencode({ ...stored(), pubkey: Buffer.from(anOwner(false).hex, 'hex') })),
      command('store', store('third of many')),
    ]);
    expect(answers.map((answer) => answer?.status)).toEqual([200, 400, 400, 421, 200]);
    const { body } = await service.call('retrieve', { pubkey: ACCOUNT, namespace: -10 });
    const texts = (body as { messages: { data: string }[] }).messages.map(({ data }) => atob(data));
    expect(texts.filter((text) => text.endsWith('of many'))).toEqual(['first of many', 'third of many']);
  });

  it('is not waited for beyond its time, and neither are those that came with it', async () => {
    await service.redis.client.call('CLIENT', 'PAUSE', '60000', 'WRITE');
    const late = { method: 'store', params: bencode(stored()), budgetMs: 50 };
    const answers = await service.passOn(member.id, [late, { ...late, params: Buffer.from('garbage') }]);
    await service.redis.client.call('CLIENT', 'UNPAUSE');
    expect(answers.map((answer) => answer?.status)).toEqual([undefined, 400]);
  });

  it('is checked again in full', async () => {
    const late = { ...stored(), timestamp: Date.now() - DAY_MS, expiry: Date.now() - DAY_MS / 2 };
    expect((await forward('store', bencode(late))).status).toBe(406);
    const unsigned = { ...stored(), namespace: 3 };
    expect((await forward('store', bencode(unsigned))).status).toBe(401);
    const forged = bencode({ pubkey, messages: ['x'.repeat(43)], signature: new Uint8Array(64) });
    expect((await forward('delete', forged)).status).toBe(401);
    const elsewhere = await forward('store', bencode({ ...stored(), pubkey: Buffer.from(anOwner(false).hex, 'hex') }));
    expect(elsewhere.status).toBe(421);
    expect((bdecode(elsewhere.body) as ReadonlyMap<string, unknown>).get('snodes')).toHaveLength(1);
  });

  it.each([
    ['nothing', '', 'store'],
    ['no bencode', 'garbage', 'store'],
    ['a list', 'le', 'store'],
    ['no fields', 'de', 'store'],
    ['a method that is not passed on', 'de', 'info'],
    ['a method that nobody knows', 'de', 'nonsense'],
  ])('is refused when it holds %s', async (_what, params, method) => {
    expect((await forward(method, Buffer.from(params))).status).toBe(400);
  });
});
