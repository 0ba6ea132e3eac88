import { expect } from '@jest/globals';
import { base64, call, changed, expire, MINUTE_MS, retrieve, signedStore, store, type Params } from '../calls.js';
import { accepted, refusal, story, unreadable, type Case } from '../case.js';
import { Owner } from '../people.js';
import type { Scene } from '../scene.js';

const NO_SIGNATURE = "Required field 'signature' missing";
const REFUSED = 'retrieve signature verification failed';
const FAR = 'retrieve timestamp too far from current time';
const UNKNOWN_HASH = '0123456789012345678901234567890123456789123';

const open = (owner: Owner, params: Params = {}) => call('retrieve', { pubkey: owner.account, ...params });
const sinceNow = (shiftMs: number) => () => retrieve(Owner.person(), { timestamp: Date.now() + shiftMs });

const TEXTS = Array.from({ length: 11 }, (_, index) => `message ${index + 1}`);

/** A mailbox of eleven messages: their owner, and the hashes in the order of the stores. */
async function eleven(at: Scene): Promise<{ owner: Owner; hashes: string[] }> {
  const owner = Owner.plain();
  const hashes: string[] = [];
  for (const text of TEXTS) hashes.push(await at.stored(store(owner, text)));
  return { owner, hashes };
}

/** What is there after a `last_hash` that is made of the hashes of the mailbox. */
const after = (number: number, title: string, last: (hashes: string[]) => Params, expected: string[]): Case =>
  story(number, title, async (at) => {
    const { owner, hashes } = await eleven(at);
    const page = await at.page(retrieve(owner, last(hashes)));
    expect(page.more).toBe(false);
    expect(page.messages.map(({ data }) => Buffer.from(data, 'base64').toString())).toEqual(expected);
  });

export const RETRIEVE: readonly Case[] = [
  refusal(101, 'no proof and no namespace', () => open(Owner.plain()), 401, 'retrieve: request signature required'),
  unreadable(102, 'no proof and namespace 0', () => open(Owner.plain(), { namespace: 0 }), NO_SIGNATURE),
  unreadable(103, 'a time alone', () => open(Owner.plain(), { timestamp: Date.now() }), NO_SIGNATURE),
  unreadable(
    104,
    'a time in inbox 40',
    () => open(Owner.plain(), { namespace: 40, timestamp: Date.now() }),
    NO_SIGNATURE,
  ),
  story(105, 'a person reads the inbox', async (at) => {
    const owner = Owner.person();
    const timestamp = Date.now();
    const hash = await at.stored(store(owner, 'for you', { timestamp, ttl: MINUTE_MS }));
    const { messages } = await at.page(retrieve(owner));
    expect(messages).toEqual([{ data: base64('for you'), expiration: timestamp + MINUTE_MS, hash, timestamp }]);
  }),
  accepted(106, 'a group reads without another key', () => retrieve(Owner.plain('03'))),
  refusal(
    107,
    'a damaged signature',
    () => changed(retrieve(Owner.person()), { signature: base64(Buffer.alloc(64, 9)) }),
    401,
    REFUSED,
  ),
  accepted(108, 'namespace 42 with its number signed', () => retrieve(Owner.person(), { namespace: 42 })),
  refusal(
    109,
    'namespace 42 without its number signed',
    () => changed(retrieve(Owner.person()), { namespace: 42 }),
    401,
    REFUSED,
  ),
  story(110, 'namespace 0 with its number signed', async (at) => {
    const owner = Owner.person();
    const timestamp = Date.now();
    const signature = owner.signature(`retrieve0${timestamp}`).toString('base64');
    const request = call('retrieve', { ...owner.fields, namespace: 0, timestamp, signature });
    await at.refuses(request, 401, REFUSED);
  }),
  refusal(111, '61 seconds ago', sinceNow(-61_000), 406, FAR),
  refusal(112, '61 seconds ahead', sinceNow(61_000), 406, FAR),
  accepted(113, '59 seconds ago', sinceNow(-59_000)),
  unreadable(
    114,
    'a signature without time (Q-04)',
    () => changed(retrieve(Owner.person()), { timestamp: undefined }),
    "Required field 'timestamp' missing",
  ),
  accepted(115, 'namespace -10 without proof', () => open(Owner.plain(), { namespace: -10 })),
  story(116, 'outbox -1 without proof', async (at) => {
    expect((await at.page(open(Owner.plain(), { namespace: -1 }))).more).toBe(false);
  }),
  refusal(
    117,
    'namespace -10 with a wrong signature',
    () => changed(retrieve(Owner.person(), { namespace: -10 }), { signature: base64(Buffer.alloc(64)) }),
    401,
    REFUSED,
  ),
  story(118, 'an account that nobody wrote to', async (at) => {
    const { messages, more } = await at.page(retrieve(Owner.person()));
    expect([messages, more]).toEqual([[], false]);
  }),
  story(119, 'messages come in the order of the stores', async (at) => {
    const owner = Owner.plain();
    for (const text of TEXTS.slice(0, 5)) await at.stored(store(owner, text));
    expect(await at.texts(retrieve(owner))).toEqual(TEXTS.slice(0, 5));
  }),
  after(120, 'what came after the fifth', (hashes) => ({ last_hash: hashes[4] }), TEXTS.slice(5)),
  after(121, 'an unknown last_hash', () => ({ last_hash: UNKNOWN_HASH }), TEXTS),
  after(122, 'the newest as last_hash', (hashes) => ({ last_hash: hashes.at(-1) }), []),
  story(123, 'a last_hash of another namespace', async (at) => {
    const owner = Owner.plain();
    await at.stored(store(owner, 'here'));
    const last = await at.stored(signedStore(owner, 'there', { namespace: 3 }));
    expect(await at.texts(retrieve(owner, { last_hash: last }))).toEqual(['here']);
  }),
  story(124, 'a last_hash that is empty or null', async (at) => {
    const owner = Owner.plain();
    await at.stored(store(owner, 'here'));
    for (const last of ['', null]) expect(await at.texts(retrieve(owner, { last_hash: last }))).toEqual(['here']);
  }),
  after(125, 'lastHash', (hashes) => ({ lastHash: hashes[8] }), TEXTS.slice(9)),
  unreadable(
    126,
    'last_hash and lastHash',
    () => retrieve(Owner.person(), { last_hash: UNKNOWN_HASH, lastHash: UNKNOWN_HASH }),
    "Cannot specify both 'last_hash' and 'lastHash'",
  ),
  unreadable(
    127,
    'a last_hash of 42 characters',
    () => retrieve(Owner.person(), { last_hash: UNKNOWN_HASH.slice(1) }),
    'Invalid last_hash: expected base64 (43 chars)',
  ),
  unreadable(
    128,
    'a last_hash that is no base64',
    () => retrieve(Owner.person(), { last_hash: `!${UNKNOWN_HASH.slice(1)}` }),
    'Invalid last_hash: not base64',
  ),
  unreadable(
    142,
    'all namespaces',
    () => retrieve(Owner.person(), { namespace: 'all' }),
    "Invalid value given for 'namespace': expected 16-bit integer",
  ),
  story(143, 'a message that expired twelve seconds ago is not there', async (at) => {
    const owner = Owner.plain();
    const hash = await at.stored(store(owner, 'gone'));
    await at.ok(expire(owner, [hash], Date.now() - 12_000));
    expect(await at.texts(retrieve(owner))).toEqual([]);
  }),
  story(144, 'bytes come back as they were', async (at) => {
    const owner = Owner.plain();
    const data = Buffer.from([0, 0xff, 0xfe, 0, 0xc3, 0x28, 0x80, 0]);
    await at.stored(store(owner, data));
    const { messages } = await at.page(retrieve(owner));
    expect(messages.map((message) => message.data)).toEqual([base64(data)]);
  }),
];
