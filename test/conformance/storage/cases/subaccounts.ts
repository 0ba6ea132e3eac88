import { randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import { changed, DAY_MS, expire, MINUTE_MS, remove, retrieve, revoke, signedStore, type Params } from '../calls.js';
import { accepted, refusal, story, unreadable, type Case } from '../case.js';
import { MAY, Owner } from '../people.js';
import type { Scene } from '../scene.js';

const READ_WRITE = MAY.read | MAY.write;
const GROUP_SPACE = { namespace: 42 };
const STORE_REFUSED = 'store signature verification failed';
const RETRIEVE_REFUSED = 'retrieve signature verification failed';

const aDelegate = (flags: number) => Owner.plain('03').delegate(flags);
const aRetrieve = (flags: number, changes: Params = {}) => changed(retrieve(aDelegate(flags), GROUP_SPACE), changes);

/** A group with one message, that `by` a delegate with these flags asks to expire. */
async function expireAsDelegate(
  at: Scene,
  flags: number,
  to: 'later' | 'earlier',
): Promise<{ hash: string; entries: object[] }> {
  const group = Owner.plain('03');
  const now = Date.now();
  const hash = await at.stored(signedStore(group, 'x', { ...GROUP_SPACE, timestamp: now, ttl: DAY_MS }));
  const expiry = to === 'later' ? now + 2 * DAY_MS : now + MINUTE_MS;
  const body = await at.ok(expire(group.delegate(flags), [hash], expiry));
  return { hash, entries: Object.values(body.swarm as Record<string, object>) };
}

export const SUBACCOUNTS: readonly Case[] = [
  accepted(191, 'a token that may read reads', () => retrieve(aDelegate(READ_WRITE), GROUP_SPACE)),
  story(192, 'a token that may write stores, and the owner sees it', async (at) => {
    const group = Owner.plain('03');
    await at.stored(signedStore(group.delegate(READ_WRITE), 'from a member', GROUP_SPACE));
    expect(await at.texts(retrieve(group, GROUP_SPACE))).toEqual(['from a member']);
  }),
  refusal(
    193,
    'a token that may only read stores nothing',
    () => signedStore(aDelegate(MAY.read), 'x', GROUP_SPACE),
    401,
    STORE_REFUSED,
  ),
  refusal(194, 'a token that may nothing reads nothing', () => aRetrieve(0), 401, RETRIEVE_REFUSED),
  refusal(
    195,
    'a token that may read and write deletes nothing',
    () => remove(aDelegate(READ_WRITE), ['A'.repeat(43)]),
    401,
    'delete_msgs signature verification failed',
  ),
  story(196, 'a token that may delete deletes', async (at) => {
    const group = Owner.plain('03');
    const hash = await at.stored(signedStore(group, 'x', GROUP_SPACE));
    await at.ok(remove(group.delegate(READ_WRITE | MAY.delete), [hash]));
    expect(await at.texts(retrieve(group, GROUP_SPACE))).toEqual([]);
  }),
  story(197, 'a token is for accounts of its prefix, unless it is for all', async (at) => {
    const group = Owner.plain('03').as('99');
    const narrow = group.delegate(MAY.read, { prefix: '03' });
    await at.refuses(retrieve(narrow, GROUP_SPACE), 401, RETRIEVE_REFUSED);
    await at.ok(retrieve(group.delegate(MAY.read | MAY.anyPrefix, { prefix: '03' }), GROUP_SPACE));
  }),
  story(198, 'a token in hex and in base64', async (at) => {
    const member = aDelegate(MAY.read);
    for (const encoding of ['hex', 'base64'] as const)
      await at.ok(changed(retrieve(member, GROUP_SPACE), { subaccount: member.token.toString(encoding) }));
  }),
  unreadable(
    199,
    'a token without its signature',
    () => aRetrieve(MAY.read, { subaccount_sig: undefined }),
    'invalid subaccount: subaccount_sig is required when using subaccount',
  ),
  unreadable(
    200,
    'a token of 47 characters',
    () => aRetrieve(MAY.read, { subaccount: 'A'.repeat(47) }),
    'invalid subaccount: expected base64 or hex-encoded subaccount token',
  ),
  story(201, 'with a token the token must have signed, not the owner', async (at) => {
    const group = Owner.plain('03');
    const { subaccount, subaccount_sig } = group.delegate(READ_WRITE).fields;
    const request = changed(retrieve(group, GROUP_SPACE), { subaccount, subaccount_sig });
    await at.refuses(request, 401, RETRIEVE_REFUSED);
  }),
  story(202, 'a token that may write lets live longer', async (at) => {
    const { hash, entries } = await expireAsDelegate(at, MAY.write, 'later');
    for (const entry of entries) expect(entry).toMatchObject({ updated: [hash] });
  }),
  story(203, 'a token that may not delete does not shorten', async (at) => {
    const { entries } = await expireAsDelegate(at, MAY.write, 'earlier');
    for (const entry of entries) {
      expect(entry).toMatchObject({ updated: [] });
      expect(entry).not.toHaveProperty('unchanged');
    }
  }),
  refusal(
    204,
    'a token that may not delete and says shorten',
    () => expire(aDelegate(MAY.write), ['A'.repeat(43)], Date.now() + DAY_MS, { shorten: true }),
    400,
    'expire: shorten parameter cannot be used with this subaccount token (missing delete access)',
  ),
  story(205, 'an outbox takes a token that may write and delete', async (at) => {
    const group = Owner.plain('03');
    const outbox = { namespace: -1 };
    await at.refuses(signedStore(group.delegate(MAY.write), 'x', outbox), 401, STORE_REFUSED);
    await at.ok(signedStore(group.delegate(MAY.write | MAY.delete), 'x', outbox));
  }),
  refusal(
    216,
    'a token does not revoke',
    () => revoke(aDelegate(READ_WRITE | MAY.delete), [randomBytes(36)]),
    401,
    'revoke_subaccount signature verification failed',
  ),
  accepted(219, 'a token of a person', () => retrieve(Owner.person().delegate(MAY.read), GROUP_SPACE)),
];
