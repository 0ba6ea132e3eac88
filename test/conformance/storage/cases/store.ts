import { expect } from '@jest/globals';
import { base64, changed, DAY_MS, MINUTE_MS, retrieve, signedStore, store, type Params } from '../calls.js';
import { accepted, refusal, story, unreadable, type Case } from '../case.js';
import { hashOf } from '../oracle.js';
import { Owner } from '../people.js';
import type { Entry, Scene } from '../scene.js';

const BAD_TTL = 'Provided expiry/TTL is not valid.';
const BAD_CLOCK = 'Timestamp error: check your clock';
const MAX_DATA_BYTES = 76_800;
const FORTNIGHT_MS = 14 * DAY_MS;
const MONTH_MS = 30 * DAY_MS;

/** Into the inbox of a new account. */
const aStore = (params: Params = {}) => store(Owner.plain(), 'abc 123', params);
const changedStore = (changes: Params) => () => changed(aStore(), changes);
const aSignedStore = (params: Params) => signedStore(Owner.plain(), 'abc 123', params);
const ofBytes = (count: number) => () => store(Owner.plain(), Buffer.alloc(count, 7));

const entriesOf = (at: Scene, call: ReturnType<typeof store>): Promise<[Entry, ...Entry[]]> =>
  at.entries(call, ({ hash }) => String(hash));

/** Stores the same message twice, the second time with what `later` says; gives both answers of the members. */
async function twice(
  at: Scene,
  owner: Owner,
  first: Params,
  later: Params,
): Promise<{ before: Entry[]; after: Entry[] }> {
  const before = await entriesOf(at, store(owner, 'twice', first));
  for (const entry of before) expect(entry).not.toHaveProperty('already');
  const after = await entriesOf(at, store(owner, 'twice', later));
  for (const entry of after) expect(entry.already).toBe(true);
  return { before, after };
}

export const STORE: readonly Case[] = [
  story(52, 'every member keeps the message and signs its hash', async (at) => {
    const owner = Owner.plain();
    const hash = hashOf(owner.account, 0, 'abc 123');
    const body = await at.ok(store(owner, 'abc 123'));
    expect(body.hash).toBe(hash);
    for (const entry of at.verified(body, () => hash)) {
      expect(entry.hash).toBe(hash);
      expect(entry).not.toHaveProperty('already');
    }
  }),
  accepted(53, 'times that are text', () => aStore({ ttl: '86400000', timestamp: String(Date.now()) })),
  unreadable(
    54,
    'a timestamp that is other text',
    changedStore({ timestamp: '12x' }),
    `Invalid value given for 'timestamp': "12x"`,
  ),
  story(55, 'an expiry instead of a ttl', async (at) => {
    const expiry = Date.now() + DAY_MS;
    for (const entry of await entriesOf(at, aStore({ expiry }))) expect(entry.expiry).toBe(expiry);
  }),
  unreadable(
    56,
    'an expiry and a ttl',
    () => aStore({ expiry: Date.now() + DAY_MS, ttl: DAY_MS }),
    "Cannot specify both 'expiry' and 'ttl'",
  ),
  unreadable(57, 'neither', changedStore({ ttl: undefined }), "Required field 'expiry' or 'ttl' missing"),
  unreadable(58, 'no timestamp', changedStore({ timestamp: undefined }), "Required field 'timestamp' missing"),
  unreadable(59, 'no data', changedStore({ data: undefined }), "Required field 'data' missing"),
  unreadable(60, 'data that is no base64', changedStore({ data: '***' }), "Invalid 'data' value: not base64 encoded"),
  accepted(61, 'the largest message', ofBytes(MAX_DATA_BYTES)),
  unreadable(
    62,
    'one byte more',
    ofBytes(MAX_DATA_BYTES + 1),
    'Message body exceeds maximum allowed length of 76800 bytes',
  ),
  refusal(64, 'a ttl below ten seconds', () => aStore({ ttl: 9_999 }), 403, BAD_TTL),
  accepted(65, 'a ttl of ten seconds', () => aStore({ ttl: 10_000 })),
  accepted(66, 'fourteen days in an inbox', () => aStore({ ttl: FORTNIGHT_MS })),
  refusal(67, 'a millisecond more', () => aStore({ ttl: FORTNIGHT_MS + 1 }), 403, BAD_TTL),
  accepted(68, 'thirty days in a private namespace', () => aSignedStore({ namespace: 5, ttl: MONTH_MS })),
  refusal(69, 'a millisecond more', () => aSignedStore({ namespace: 5, ttl: MONTH_MS + 1 }), 403, BAD_TTL),
  refusal(70, 'fifteen days in inbox 10', () => aStore({ namespace: 10, ttl: 15 * DAY_MS }), 403, BAD_TTL),
  accepted(71, 'nine seconds ahead', () => aStore({ timestamp: Date.now() + 9_000 })),
  refusal(72, 'twelve seconds ahead', () => aStore({ timestamp: Date.now() + 12_000 }), 406, BAD_CLOCK),
  accepted(73, 'ten days old with four to live', () =>
    aStore({ timestamp: Date.now() - 10 * DAY_MS, ttl: FORTNIGHT_MS }),
  ),
  refusal(74, 'gone before it comes', () => aStore({ timestamp: Date.now() - MINUTE_MS, ttl: 30_000 }), 406, BAD_CLOCK),
  refusal(
    75,
    'a bad ttl counts before a bad clock',
    () => aStore({ timestamp: Date.now() + MINUTE_MS, ttl: 1 }),
    403,
    BAD_TTL,
  ),
  story(76, 'an account of another swarm is sent there, whatever else is wrong', async (at) => {
    for (const ttl of [DAY_MS, 1]) {
      const { status: code, body } = await at.ask(store(Owner.elsewhere(), 'x', { ttl }));
      at.expectWrongSwarm({ code, body });
    }
  }),
  story(77, 'the same message again is there already', async (at) => {
    const owner = Owner.plain();
    const times = { timestamp: Date.now(), expiry: Date.now() + DAY_MS };
    const { after } = await twice(at, owner, times, times);
    for (const { expiry } of after) expect(expiry).toBe(times.expiry);
    expect(await at.texts(retrieve(owner))).toEqual(['twice']);
  }),
  story(78, 'the same message with a later expiry lives longer and keeps its time', async (at) => {
    const owner = Owner.plain();
    const timestamp = Date.now();
    const expiry = timestamp + 2 * DAY_MS;
    const { after } = await twice(at, owner, { timestamp }, { timestamp: timestamp + 5, expiry });
    for (const entry of after) expect(entry.expiry).toBe(expiry);
    const { messages } = await at.page(retrieve(owner));
    expect(messages).toMatchObject([{ timestamp, expiration: expiry }]);
  }),
  story(79, 'the same message with an earlier expiry lives as long as before', async (at) => {
    const now = Date.now();
    const { after } = await twice(at, Owner.plain(), { expiry: now + 2 * DAY_MS }, { expiry: now + DAY_MS });
    for (const { expiry } of after) expect(expiry).toBe(now + 2 * DAY_MS);
  }),
  story(80, 'the same data in two namespaces are two messages', async (at) => {
    const owner = Owner.plain();
    const hashes: unknown[] = [];
    for (const namespace of [0, 10]) {
      const [entry] = await entriesOf(at, store(owner, 'same', { namespace }));
      expect(entry).not.toHaveProperty('already');
      expect(entry.hash).toBe(hashOf(owner.account, namespace, 'same'));
      hashes.push(entry.hash);
    }
    expect(new Set(hashes).size).toBe(2);
  }),
  refusal(
    81,
    'a private namespace without signature',
    () => aStore({ namespace: 42 }),
    401,
    'store: signature required to store to namespace 42',
  ),
  unreadable(
    82,
    'a namespace beyond 16 bits',
    () => aStore({ namespace: 32_768 }),
    "Invalid value given for 'namespace': value out of range",
  ),
  unreadable(
    83,
    'all namespaces',
    () => aStore({ namespace: 'all' }),
    "Invalid value given for 'namespace': expected 16-bit integer",
  ),
  refusal(
    84,
    'a stranger signs',
    () => changed(signedStore(Owner.plain(), 'x', { namespace: -32_123 }), { pubkey: Owner.plain().account }),
    401,
    'store signature verification failed',
  ),
  story(85, 'a negative namespace is part of the hash', async (at) => {
    const owner = Owner.plain();
    const hash = await at.stored(signedStore(owner, 'x', { namespace: -42 }));
    expect(hash).toBe(hashOf(owner.account, -42, 'x'));
  }),
  accepted(86, 'inbox 40 without signature', () => aStore({ namespace: 40 })),
  accepted(87, 'inbox -10 without signature', () => aStore({ namespace: -10 })),
  accepted(88, 'signed with the time of the message', () => aSignedStore({ namespace: 123 })),
  refusal(
    89,
    'signed with the time of an old message',
    () => aSignedStore({ namespace: 123, timestamp: Date.now() - 100_000 }),
    406,
    'store signature timestamp too far from current time',
  ),
  accepted(90, 'an old message that was signed now', () =>
    aSignedStore({ namespace: 123, timestamp: Date.now() - 100_000, sig_timestamp: Date.now() }),
  ),
  accepted(91, 'a wrong signature in an inbox is not looked at (Q-03)', () =>
    aStore({ signature: base64(Buffer.alloc(64, 3)) }),
  ),
  unreadable(
    92,
    'what is no signature in an inbox',
    () => aStore({ signature: 'short' }),
    'invalid signature: expected base64 encoded Ed25519 signature',
  ),
  refusal(
    93,
    'an outbox without signature',
    () => aStore({ namespace: -1 }),
    401,
    'store: signature required to store to namespace -1',
  ),
  story(94, 'a message in an outbox takes the place of the one before', async (at) => {
    const owner = Owner.plain();
    await at.stored(signedStore(owner, 'first', { namespace: -1 }));
    await at.stored(signedStore(owner, 'second', { namespace: -1 }));
    const open = { method: 'retrieve', params: { pubkey: owner.account, namespace: -1 } };
    expect(await at.texts(open)).toEqual(['second']);
  }),
  story(95, 'the same message again in an outbox lives longer and keeps its time', async (at) => {
    const owner = Owner.plain();
    const timestamp = Date.now();
    await at.stored(signedStore(owner, 'same', { namespace: -1, timestamp }));
    const later = { namespace: -1, timestamp: timestamp + 2 };
    for (const { already, expiry } of await entriesOf(at, signedStore(owner, 'same', later)))
      expect([already, expiry]).toEqual([true, timestamp + 2 + DAY_MS]);
    const { messages } = await at.page(retrieve(owner, { namespace: -1 }));
    expect(messages).toMatchObject([{ timestamp, expiration: timestamp + 2 + DAY_MS }]);
  }),
];
