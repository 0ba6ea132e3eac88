import { expect } from '@jest/globals';
import {
  changed,
  deleteAll,
  deleteBefore,
  remove,
  retrieve,
  signedStore,
  store,
  type Call,
  type Params,
} from '../calls.js';
import { refusal, story, unreadable, type Case } from '../case.js';
import { Owner } from '../people.js';
import { allSorted, covers, type Entry, type Scene } from '../scene.js';

const UNKNOWN = 'A'.repeat(43);
const BAD_SIGNATURE = 'delete_msgs signature verification failed';

/** Stores texts in the inbox; gives their hashes. */
async function storeAll(at: Scene, owner: Owner, texts: readonly string[]): Promise<string[]> {
  const hashes: string[] = [];
  for (const text of texts) hashes.push(await at.stored(store(owner, text)));
  return hashes;
}

const removed = (at: Scene, owner: Owner, messages: readonly string[], params: Params = {}): Promise<Entry[]> =>
  at.entries(remove(owner, messages, params), ({ deleted }) => covers(owner, messages, allSorted(deleted)));

/** `field` is the time that the request signs, and the members after it. */
const removedBy = (
  at: Scene,
  owner: Owner,
  request: Call,
  field: 'timestamp' | 'before',
): Promise<[Entry, ...Entry[]]> =>
  at.entries(request, ({ deleted }) => covers(owner, Number(request.params[field]), allSorted(deleted)));

const aDelete = (changes: Params) => () => changed(remove(Owner.plain(), [UNKNOWN]), changes);

export const DELETE: readonly Case[] = [
  story(146, 'delete names what was there, sorted, whatever the order of the request', async (at) => {
    const owner = Owner.plain();
    const hashes = (await storeAll(at, owner, ['one', 'two'])).sort();
    const request = [UNKNOWN, ...hashes].sort().reverse();
    for (const { deleted } of await removed(at, owner, request)) expect(deleted).toEqual(hashes);
    expect(await at.texts(retrieve(owner))).toEqual([]);
  }),
  story(147, 'delete of what is not there', async (at) => {
    for (const { deleted } of await removed(at, Owner.plain(), [UNKNOWN])) expect(deleted).toEqual([]);
  }),
  story(148, 'delete of what is not there but must be', async (at) => {
    const owner = Owner.plain();
    const { status, body } = await at.ask(remove(owner, [UNKNOWN], { required: true }));
    expect(status).toBe(404);
    const entries = at.verified(body as Record<string, unknown>, () => covers(owner, [UNKNOWN]));
    for (const { deleted } of entries) expect(deleted).toEqual([]);
  }),
  story(149, 'delete of something that is there and must be', async (at) => {
    const owner = Owner.plain();
    const [hash = ''] = await storeAll(at, owner, ['one']);
    for (const { deleted } of await removed(at, owner, [UNKNOWN, hash], { required: true }))
      expect(deleted).toEqual([hash]);
  }),
  unreadable(
    150,
    'required that is text',
    aDelete({ required: 'yes' }),
    "Invalid value given for 'required': expected boolean",
  ),
  unreadable(151, 'no messages', aDelete({ messages: [] }), 'messages does not contain any message hashes'),
  unreadable(152, 'a short hash', aDelete({ messages: ['short'] }), 'invalid message hash: short'),
  story(153, 'one hash without a list', async (at) => {
    const owner = Owner.plain();
    const [hash = ''] = await storeAll(at, owner, ['one']);
    const [entry] = await at.entries(remove(owner, [hash], { messages: hash }), ({ deleted }) =>
      covers(owner, hash, allSorted(deleted)),
    );
    expect(entry.deleted).toEqual([hash]);
  }),
  unreadable(
    154,
    'a number as hash',
    aDelete({ messages: [1] }),
    "Invalid value given for 'messages': expected string array",
  ),
  story(155, 'a signature over another order', async (at) => {
    const owner = Owner.plain();
    const hashes = ['B'.repeat(43), UNKNOWN];
    await at.refuses(changed(remove(owner, hashes.toSorted()), { messages: hashes }), 401, BAD_SIGNATURE);
  }),
  story(156, 'a hash of another account', async (at) => {
    const [owner, other] = [Owner.plain(), Owner.plain()];
    const [hash = ''] = await storeAll(at, other, ['not yours']);
    for (const { deleted } of await removed(at, owner, [hash])) expect(deleted).toEqual([]);
    expect(await at.texts(retrieve(other))).toEqual(['not yours']);
  }),
  story(157, 'delete_all empties namespace 0 and no other', async (at) => {
    const owner = Owner.plain();
    const hashes = await storeAll(at, owner, ['1', '2', '3', '4', '5']);
    await at.stored(signedStore(owner, 'stays', { namespace: 3 }));
    for (const { deleted } of await removedBy(at, owner, deleteAll(owner), 'timestamp'))
      expect(deleted).toEqual(hashes.toSorted());
    expect(await at.texts(retrieve(owner))).toEqual([]);
    expect(await at.texts(retrieve(owner, { namespace: 3 }))).toEqual(['stays']);
  }),
  story(158, 'delete_all of all namespaces names them', async (at) => {
    const owner = Owner.plain();
    const inbox = await storeAll(at, owner, ['1', '2']);
    const other = await at.stored(signedStore(owner, '3', { namespace: -42 }));
    for (const { deleted } of await removedBy(at, owner, deleteAll(owner, { namespace: 'all' }), 'timestamp'))
      expect(deleted).toEqual({ '-42': [other], '0': inbox.toSorted() });
  }),
  story(159, 'delete_all of all namespaces where nothing is', async (at) => {
    const owner = Owner.plain();
    for (const { deleted } of await removedBy(at, owner, deleteAll(owner, { namespace: 'all' }), 'timestamp'))
      expect(deleted).toEqual({});
  }),
  ...[-120_000, 120_000].map((shiftMs) =>
    refusal(
      160,
      `delete_all ${shiftMs / 1_000} s from now`,
      () => deleteAll(Owner.plain(), { timestamp: Date.now() + shiftMs }),
      406,
      'delete_all timestamp too far from current time',
    ),
  ),
  unreadable(
    161,
    'delete_all of a namespace that is text',
    () => deleteAll(Owner.plain(), { namespace: 'foo' }),
    `Invalid value given for 'namespace': expected integer or "all"`,
  ),
  story(163, 'delete_before takes the message of that very time with it', async (at) => {
    const owner = Owner.plain();
    const from = Date.now() - 60_000;
    const hashes: string[] = [];
    for (let index = 0; index < 10; index++) {
      hashes.push(await at.stored(store(owner, `message ${index}`, { timestamp: from + index * 10 })));
    }
    const request = deleteBefore(owner, { before: from + 80 });
    for (const { deleted } of await removedBy(at, owner, request, 'before'))
      expect(deleted).toEqual(hashes.slice(0, 9).sort());
    expect(await at.texts(retrieve(owner))).toEqual(['message 9']);
  }),
  story(164, 'delete_before a time when nothing was', async (at) => {
    const owner = Owner.plain();
    await storeAll(at, owner, ['later']);
    const request = deleteBefore(owner, { before: Date.now() - 60_000 });
    for (const { deleted } of await removedBy(at, owner, request, 'before')) expect(deleted).toEqual([]);
  }),
  refusal(
    165,
    'delete_before a time to come',
    () => deleteBefore(Owner.plain(), { before: Date.now() + 62_000 }),
    401,
    'delete_before timestamp too far in the future',
  ),
  story(166, 'delete_before in all namespaces names them (Q-12)', async (at) => {
    const owner = Owner.plain();
    const [inbox = ''] = await storeAll(at, owner, ['1']);
    const other = await at.stored(signedStore(owner, '2', { namespace: 5 }));
    const request = deleteBefore(owner, { namespace: 'all' });
    for (const { deleted } of await removedBy(at, owner, request, 'before'))
      expect(deleted).toEqual({ '0': [inbox], '5': [other] });
  }),
];
