import { randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import {
  base64,
  changed,
  expire,
  retrieve,
  revoke,
  signedStore,
  store,
  tokensText,
  unrevoke,
  type Call,
} from '../calls.js';
import { refusal, story, unreadable, type Case } from '../case.js';
import { MAY, Owner, type Delegate } from '../people.js';
import type { Entry, Scene } from '../scene.js';

const READ_WRITE = MAY.read | MAY.write;
const GROUP_SPACE = { namespace: 42 };
const RETRIEVE_REFUSED = 'retrieve signature verification failed';

const strangers = (count: number): Buffer[] => Array.from({ length: count }, () => randomBytes(36));

/** The answers of the members to a revocation or its end, each signed for the tokens in their order. */
const told = (at: Scene, group: Owner, request: Call, tokens: readonly Uint8Array[]): Promise<[Entry, ...Entry[]]> => {
  const timestamp = Number(request.params.timestamp);
  return at.entries(request, () => tokensText(group.account, timestamp, tokens));
};

/** A group and a member whose token it has revoked. */
async function outcast(at: Scene): Promise<{ group: Owner; member: Delegate }> {
  const group = Owner.plain('03');
  const member = group.delegate(READ_WRITE);
  await at.ok(retrieve(member, GROUP_SPACE));
  await told(at, group, revoke(group, [member.token]), [member.token]);
  return { group, member };
}

const expectRefused = (at: Scene, member: Delegate): Promise<void> =>
  at.refuses(retrieve(member, GROUP_SPACE), 401, RETRIEVE_REFUSED);

export const REVOCATION: readonly Case[] = [
  story(206, 'every member signs for the token', async (at) => {
    const group = Owner.plain('03');
    const { token } = group.delegate(READ_WRITE);
    const request = revoke(group, [token]);
    const alone = changed(request, { revoke: base64(token) });
    for (const { count } of await told(at, group, alone, [token])) expect(count).toBe(1);
  }),
  story(207, 'a revoked token reads nothing', async (at) => {
    const { member } = await outcast(at);
    await expectRefused(at, member);
  }),
  story(208, 'a revoked token reads namespace -11', async (at) => {
    const { group, member } = await outcast(at);
    await at.stored(signedStore(group, 'you are out', { namespace: -11 }));
    expect(await at.texts(retrieve(member, { namespace: -11 }))).toEqual(['you are out']);
  }),
  story(209, 'a revoked token stores nothing', async (at) => {
    const { member } = await outcast(at);
    await at.refuses(signedStore(member, 'x', { namespace: 11 }), 401, 'store signature verification failed');
  }),
  story(210, 'a token that is taken back in reads again', async (at) => {
    const { group, member } = await outcast(at);
    const entries = await told(at, group, unrevoke(group, [member.token]), [member.token]);
    for (const { count } of entries) expect(count).toBe(1);
    await at.ok(retrieve(member, GROUP_SPACE));
  }),
  story(211, 'a token stays revoked when 49 more are', async (at) => {
    const { group, member } = await outcast(at);
    await at.ok(revoke(group, strangers(49)));
    await expectRefused(at, member);
  }),
  story(212, 'a token stays revoked when 50 more are: 1,000 are kept', async (at) => {
    const { group, member } = await outcast(at);
    await at.ok(revoke(group, strangers(49)));
    await at.ok(revoke(group, strangers(1)));
    await expectRefused(at, member);
  }),
  story(213, 'all 51 of 51 revoked tokens are counted when 61 are named: 1,000 are kept', async (at) => {
    const { group, member } = await outcast(at);
    const more = strangers(50);
    await at.ok(revoke(group, more));
    const named = [...strangers(10), member.token, ...more];
    for (const { count } of await told(at, group, unrevoke(group, named), named)) expect(count).toBe(51);
  }),
  unreadable(
    214,
    '51 tokens at once',
    () => revoke(Owner.plain('03'), strangers(51)),
    'invalid revoke: cannot revoke more than 50 subaccounts at once',
  ),
  refusal(
    215,
    'revoked 61 seconds ago',
    () => revoke(Owner.plain('03'), strangers(1), Date.now() - 61_000),
    406,
    'revoke_subaccount timestamp too far from current time',
  ),
  story(217, 'a token is revoked before the account has a message (Q-06)', async (at) => {
    const group = Owner.plain('03');
    const member = group.delegate(READ_WRITE);
    await at.ok(revoke(group, [member.token]));
    await at.stored(signedStore(group, 'first', GROUP_SPACE));
    await expectRefused(at, member);
  }),
  story(218, 'a token stays revoked when the last message expires (Q-06)', async (at) => {
    const { group, member } = await outcast(at);
    const hash = await at.stored(store(group, 'the last'));
    await at.ok(expire(group, [hash], Date.now() - 12_000));
    expect(await at.texts(retrieve(group))).toEqual([]);
    await at.stored(signedStore(group, 'again', GROUP_SPACE));
    await expectRefused(at, member);
  }),
];
