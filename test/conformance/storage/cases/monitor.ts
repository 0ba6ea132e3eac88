import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { bdecode, bencode, type Bencodable } from '#protocol';
import { DAY_MS, revoke, signedStore, store, type Call } from '../calls.js';
import type { ConformanceNetwork } from '../conformance-network.js';
import { hashOf } from '../oracle.js';
import { MAY, Owner } from '../people.js';
import { Scene } from '../scene.js';
import { StreamClient } from '../stream-client.js';
import { WAYS } from '../ways.js';
import { aWish, byAccount, byKey, nowSeconds, subscription, SUCCESS } from '../wishes.js';

const DAY_SECONDS = DAY_MS / 1_000;

type Dict = ReadonlyMap<string, unknown>;

/** Subscriptions, over streams to two members of the swarm. */
export function monitorCases(network: () => ConformanceNetwork): void {
  let streams: readonly [StreamClient, StreamClient];
  let at: Scene;
  beforeAll(async () => {
    const [entry, another] = network().members;
    if (entry === undefined || another === undefined) throw new Error('a small swarm');
    streams = [await StreamClient.open(entry.info.https_port), await StreamClient.open(another.info.https_port)];
    at = new Scene(network(), WAYS.https(network()));
  });
  afterAll(() => streams.forEach((stream) => stream.close()));
  afterEach(async () => {
    for (const stream of streams) expect(await stream.request('storage.info')).toHaveLength(1); // none was cut off
  });

  const subscribe = async (body: Bencodable, stream = streams[0]): Promise<string> => {
    const parts = await stream.request('monitor.messages', bencode(body));
    expect(parts).toHaveLength(1);
    return parts[0]?.toString('latin1') ?? '';
  };

  async function expectRefused(body: Bencodable, code: number, text: string | RegExp): Promise<void> {
    const dict = bdecode(Buffer.from(await subscribe(body), 'latin1')) as Dict;
    expect([...dict.keys()]).toEqual(['errcode', 'error']);
    expect(dict.get('errcode')).toBe(code);
    expect(Buffer.from(dict.get('error') as Uint8Array).toString()).toMatch(text);
  }

  /** The dictionary of the next push of each stream, in the forms of this file. */
  async function pushes(): Promise<object[]> {
    const found: object[] = [];
    for (const stream of streams) {
      const [command, body, ...more] = await stream.nextPush();
      expect([command?.toString(), more]).toEqual(['notify.message', []]);
      const dict = bdecode(body ?? Buffer.alloc(0)) as Dict;
      const texts = ['h', '~'].filter((key) => dict.has(key));
      const shown = [...dict].map(([key, value]) => {
        if (key === '@') return [key, Buffer.from(value as Uint8Array).toString('hex')];
        return [key, texts.includes(key) ? Buffer.from(value as Uint8Array).toString() : value];
      });
      found.push(Object.fromEntries(shown) as object);
    }
    return found;
  }

  /** An owner whose messages both streams are told of. */
  async function watched(): Promise<Owner> {
    const owner = Owner.plain();
    for (const stream of streams) expect(await subscribe(subscription(owner), stream)).toBe(SUCCESS);
    return owner;
  }

  /** Stores, and gives what must be pushed for it. */
  async function stored(owner: Owner, text: string, namespace: number, request: Call): Promise<object> {
    const { hash, swarm } = (await at.ok(request)) as { hash: string; swarm: Record<string, { expiry: number }> };
    expect(hash).toBe(hashOf(owner.account, namespace, text));
    const { timestamp } = request.params as { timestamp: number };
    const { expiry } = swarm[network().entry.ed25519] ?? {};
    return { '@': owner.account, h: hash, n: namespace, t: timestamp, z: expiry, '~': text };
  }

  it('256 stream: an account subscribes', async () => {
    const owner = Owner.plain('03');
    expect(await subscribe(subscription(owner))).toBe(SUCCESS);
  });

  it('257 stream: a person subscribes by the Ed25519 key', async () => {
    const owner = Owner.person();
    expect(await subscribe(subscription(owner, byKey(owner)))).toBe(SUCCESS);
  });

  it('258 stream: a token that may read subscribes', async () => {
    const group = Owner.plain('03');
    const member = group.delegate(MAY.read);
    const token = { T: member.token, S: group.signature(member.token) };
    expect(await subscribe({ ...subscription(group, byAccount(group), aWish(), member), ...token })).toBe(SUCCESS);
  });

  it('259 stream: two subscriptions in a list are answered in a list', async () => {
    const two = [Owner.plain('03'), Owner.plain('03')].map((owner) => subscription(owner));
    expect(await subscribe(two)).toBe(`l${SUCCESS}${SUCCESS}e`);
  });

  it('260 stream: a new message is pushed once to each subscriber, with its data', async () => {
    const owner = await watched();
    const first = await stored(owner, 'hello', 0, store(owner, 'hello'));
    expect(await pushes()).toEqual([first, first]);
    const second = await stored(owner, 'next', 23, signedStore(owner, 'next', { namespace: 23 }));
    expect(await pushes()).toEqual([second, second]); // and nothing in between
  });

  it('261 stream: a message in another namespace is not pushed', async () => {
    const owner = await watched();
    await stored(owner, 'elsewhere', 123, signedStore(owner, 'elsewhere', { namespace: 123 }));
    const here = await stored(owner, 'here', 0, store(owner, 'here'));
    expect(await pushes()).toEqual([here, here]);
  });

  it('262 stream: a message that is there already is not pushed again', async () => {
    const owner = await watched();
    const first = await stored(owner, 'same', 0, store(owner, 'same'));
    expect(await pushes()).toEqual([first, first]);
    await stored(owner, 'same', 0, store(owner, 'same'));
    const other = await stored(owner, 'other', 0, store(owner, 'other'));
    expect(await pushes()).toEqual([other, other]);
  });

  it.each([[[5, 5]], [[5, 3]]])('263 stream: namespaces %j are refused', async (n) => {
    const owner = Owner.plain('03');
    const request = subscription(owner, byAccount(owner), aWish({ n }));
    await expectRefused(request, 3, 'Invalid n= namespace list: namespaces must be ascending');
  });

  it.each([
    ['fifteen days ago', -15 * DAY_SECONDS, /^Invalid t= signature timestamp: .*too old$/],
    ['25 hours ahead', 25 * 3_600, /^Invalid t= signature timestamp: .*in the future$/],
  ])('264 stream: signed %s is refused', async (_when, shift, text) => {
    const owner = Owner.plain('03');
    await expectRefused(subscription(owner, byAccount(owner), aWish({ t: nowSeconds() + shift })), 4, text);
  });

  it('265 stream: a signature over something else is refused', async () => {
    const owner = Owner.plain('03');
    const request = subscription(owner);
    await expectRefused({ ...request, s: Buffer.alloc(64, 1) }, 5, 'Signature verification failed');
    await expectRefused({ ...request, d: 0 }, 5, 'Signature verification failed');
  });

  it('266 stream: both kinds of account are refused', async () => {
    const owner = Owner.person();
    const request = { ...subscription(owner), ...byKey(owner) };
    await expectRefused(request, 1, 'Invalid arguments: Cannot provide both p= and P= pubkey values');
  });

  it('267 stream: what is no dictionary is refused', async () => {
    const [part] = await streams[0].request('monitor.messages', 'hello');
    expect((bdecode(part ?? Buffer.alloc(0)) as Dict).get('errcode')).toBe(1);
  });

  it('269 stream: a revoked token is refused (Q-14)', async () => {
    const group = Owner.plain('03');
    const member = group.delegate(MAY.read);
    await at.ok(revoke(group, [member.token]));
    const token = { T: member.token, S: group.signature(member.token) };
    const request = { ...subscription(group, byAccount(group), aWish(), member), ...token };
    await expectRefused(request, 5, /^Subaccount verification failed: /);
  });
}
