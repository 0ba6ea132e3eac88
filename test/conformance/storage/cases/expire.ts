import { expect } from '@jest/globals';
import {
  changed,
  DAY_MS,
  expire,
  expireAll,
  getExpiries,
  MINUTE_MS,
  signedStore,
  store,
  type Call,
  type Params,
} from '../calls.js';
import { refusal, story, unreadable, type Case } from '../case.js';
import { Owner } from '../people.js';
import { allSorted, covers, type Entry, type Scene } from '../scene.js';

const UNKNOWN = 'A'.repeat(43);
const HOUR_MS = 60 * MINUTE_MS;
/** What members' clocks and the way between them may differ. */
const CLAMP_TOLERANCE_MS = 5_000;

/** Messages with these hours to live from one moment on. */
async function withHours(
  at: Scene,
  owner: Owner,
  hours: readonly number[],
): Promise<{ now: number; hashes: string[] }> {
  const now = Date.now();
  const hashes: string[] = [];
  for (const [index, hour] of hours.entries()) {
    hashes.push(await at.stored(store(owner, `${index}`, { timestamp: now, ttl: hour * HOUR_MS })));
  }
  return { now, hashes };
}

/** The text that a member signs about an `expire`. */
const expireText = (
  owner: Owner,
  messages: readonly string[],
  { expiry = 0, updated, unchanged = {} }: Entry,
): string => {
  const times = [expiry].flat().map(String);
  const kept = Object.entries(unchanged)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([hash, until]) => `${hash}${until}`);
  return covers(owner, times, messages, allSorted(updated), kept);
};

const expired = (
  at: Scene,
  owner: Owner,
  messages: readonly string[],
  expiry: number | number[],
  params: Params = {},
): Promise<[Entry, ...Entry[]]> =>
  at.entries(expire(owner, messages, expiry, params), (entry) => expireText(owner, messages, entry));

const shortened = (at: Scene, owner: Owner, request: Call): Promise<[Entry, ...Entry[]]> =>
  at.entries(request, ({ updated }) => covers(owner, Number(request.params.expiry), allSorted(updated)));

const anExpire = (messages: readonly string[], changes: Params) => () =>
  changed(expire(Owner.plain(), messages, Date.now() + DAY_MS), changes);

export const EXPIRE: readonly Case[] = [
  story(167, 'expire_all shortens what lives longer', async (at) => {
    const owner = Owner.plain();
    const { now, hashes } = await withHours(at, owner, [5, 4, 3, 2, 1]);
    for (const { updated } of await shortened(at, owner, expireAll(owner, { expiry: now + 3 * HOUR_MS })))
      expect(updated).toEqual(hashes.slice(0, 2).sort());
  }),
  refusal(
    168,
    'expire_all to a time that has passed',
    () => expireAll(Owner.plain(), { expiry: Date.now() - 2 * MINUTE_MS }),
    406,
    'expire_all timestamp should be >= current time',
  ),
  story(169, 'expire_all to a time later than all', async (at) => {
    const owner = Owner.plain();
    await withHours(at, owner, [1]);
    for (const { updated } of await shortened(at, owner, expireAll(owner, { expiry: Date.now() + 90 * DAY_MS })))
      expect(updated).toEqual([]);
  }),
  story(170, 'expire_all in all namespaces names them', async (at) => {
    const owner = Owner.plain();
    const { hashes } = await withHours(at, owner, [5]);
    const other = await at.stored(signedStore(owner, 'x', { namespace: 7 }));
    const request = expireAll(owner, { expiry: Date.now() + HOUR_MS, namespace: 'all' });
    for (const { updated } of await shortened(at, owner, request))
      expect(updated).toEqual({ '0': hashes, '7': [other] });
  }),
  story(171, 'expire sets one time for all that are there', async (at) => {
    const owner = Owner.plain();
    const { now, hashes } = await withHours(at, owner, [1, 2, 3, 4, 5, 6]);
    for (const entry of await expired(at, owner, [...hashes, UNKNOWN], now + 3 * HOUR_MS))
      expect([entry.updated, entry.expiry]).toEqual([hashes.toSorted(), now + 3 * HOUR_MS]);
  }),
  story(172, 'expire of one message', async (at) => {
    const owner = Owner.plain();
    const { now, hashes } = await withHours(at, owner, [1]);
    for (const { updated } of await expired(at, owner, hashes, now + 2 * HOUR_MS)) expect(updated).toEqual(hashes);
  }),
  story(173, 'expire lets live thirty days at most', async (at) => {
    const owner = Owner.plain();
    const { hashes } = await withHours(at, owner, [1]);
    for (const { expiry } of await expired(at, owner, hashes, Date.now() + 31 * DAY_MS))
      expect(Math.abs(Number(expiry) - Date.now() - 30 * DAY_MS)).toBeLessThan(CLAMP_TOLERANCE_MS);
  }),
  refusal(
    174,
    'expire to a time that has passed',
    () => expire(Owner.plain(), [UNKNOWN], Date.now() - 61_000),
    401,
    'expire: timestamp should be >= current time',
  ),
  story(175, 'shorten to an earlier time', async (at) => {
    const owner = Owner.plain();
    const { now, hashes } = await withHours(at, owner, [5]);
    for (const entry of await expired(at, owner, [...hashes, UNKNOWN], now + HOUR_MS, { shorten: true }))
      expect([entry.updated, entry.unchanged]).toEqual([hashes, {}]);
  }),
  story(176, 'shorten to a later time', async (at) => {
    const owner = Owner.plain();
    const { now, hashes } = await withHours(at, owner, [1]);
    for (const entry of await expired(at, owner, hashes, now + 5 * HOUR_MS, { shorten: true }))
      expect([entry.updated, entry.unchanged]).toEqual([[], { [hashes[0] ?? '']: now + HOUR_MS }]);
  }),
  story(177, 'shorten to a time between', async (at) => {
    const owner = Owner.plain();
    const { now, hashes } = await withHours(at, owner, [1, 5]);
    const [short = '', long = ''] = hashes;
    for (const entry of await expired(at, owner, hashes, now + 3 * HOUR_MS, { shorten: true }))
      expect([entry.updated, entry.unchanged]).toEqual([[long], { [short]: now + HOUR_MS }]);
  }),
  story(178, 'extend to a time between', async (at) => {
    const owner = Owner.plain();
    const { now, hashes } = await withHours(at, owner, [1, 5, 2]);
    const [first = '', long = '', third = ''] = hashes;
    for (const entry of await expired(at, owner, hashes, now + 3 * HOUR_MS, { extend: true }))
      expect([entry.updated, entry.unchanged]).toEqual([[first, third].sort(), { [long]: now + 5 * HOUR_MS }]);
  }),
  story(179, 'without a flag nothing is said of what did not change', async (at) => {
    const owner = Owner.plain();
    const { now, hashes } = await withHours(at, owner, [1]);
    for (const entry of await expired(at, owner, hashes, now + HOUR_MS)) expect(entry).not.toHaveProperty('unchanged');
  }),
  unreadable(
    180,
    'both flags',
    anExpire([UNKNOWN], { shorten: true, extend: true }),
    "cannot specify both 'shorten' and 'extend'",
  ),
  refusal(
    181,
    'a flag that was not signed',
    anExpire([UNKNOWN], { shorten: true }),
    401,
    'expire: signature verification failed',
  ),
  story(182, 'a time for each message', async (at) => {
    const owner = Owner.plain();
    const { now, hashes } = await withHours(at, owner, [1, 1, 1]);
    const times = hashes.map((_, index) => now + (index + 2) * HOUR_MS);
    const timeOf = new Map(hashes.map((hash, index) => [hash, times[index]]));
    const sorted = hashes.toSorted();
    for (const entry of await expired(at, owner, hashes, times)) {
      expect(entry.updated).toEqual(sorted);
      expect(entry.expiry).toEqual(sorted.map((hash) => timeOf.get(hash)));
    }
  }),
  unreadable(
    183,
    'two times for three messages',
    anExpire([UNKNOWN, UNKNOWN, UNKNOWN], { expiry: [Date.now() + DAY_MS, Date.now() + DAY_MS] }),
    "'expiry' must be a single expiry, or the same length as 'messages'",
  ),
  unreadable(
    184,
    'no time',
    anExpire([UNKNOWN], { expiry: [] }),
    "'expiry' does not contain any expiration timestamps",
  ),
  unreadable(
    185,
    'a time that is text',
    anExpire([UNKNOWN], { expiry: '123' }),
    "Invalid value given for 'expiry': expected timestamp array",
  ),
  story(186, 'get_expiries says what is there and nothing else', async (at) => {
    const owner = Owner.plain();
    const { now, hashes } = await withHours(at, owner, [1, 2]);
    const [first = '', second = ''] = hashes;
    expect(await at.ok(getExpiries(owner, [...hashes, UNKNOWN]))).toEqual({
      expiries: { [first]: now + HOUR_MS, [second]: now + 2 * HOUR_MS },
    });
  }),
  story(187, 'get_expiries of one message', async (at) => {
    const owner = Owner.plain();
    const { now, hashes } = await withHours(at, owner, [1]);
    const [hash = ''] = hashes;
    const request = changed(getExpiries(owner, [hash]), { messages: hash });
    expect(await at.ok(request)).toEqual({ expiries: { [hash]: now + HOUR_MS } });
  }),
  refusal(
    188,
    'get_expiries of 61 seconds ago',
    () => getExpiries(Owner.plain(), [UNKNOWN], Date.now() - 61_000),
    406,
    'get_expiries timestamp too far from current time',
  ),
  story(189, 'get_expiries of what is no hash', async (at) => {
    expect(await at.ok(getExpiries(Owner.plain(), ['x']))).toEqual({ expiries: {} });
  }),
  story(190, 'a field that nobody knows changes nothing', async (at) => {
    const owner = Owner.plain();
    const { now, hashes } = await withHours(at, owner, [5]);
    for (const entry of await expired(at, owner, hashes, now + HOUR_MS, { extends: true })) {
      expect(entry.updated).toEqual(hashes);
      expect(entry).not.toHaveProperty('unchanged');
    }
  }),
];
