import { expect } from '@jest/globals';
import {
  batch,
  call,
  changed,
  deleteAll,
  getExpiries,
  INFO,
  retrieve,
  sequence,
  signedStore,
  store,
  type Call,
} from '../calls.js';
import { story, unreadable, type Case } from '../case.js';
import { hashOf } from '../oracle.js';
import { Owner } from '../people.js';

const NO_REQUESTS = 'Invalid batch request: no valid "requests" field';
const NOT_SIGNED = 'store: signature required to store to namespace 33';

/** A store that nobody may do, then a retrieve that everybody may. */
const forbiddenThenAllowed = (owner: Owner): Call[] => [
  store(owner, 'x', { namespace: 33 }),
  call('retrieve', { pubkey: owner.account, namespace: -10 }),
];

const textsOf = (body: unknown): string[] =>
  (body as { messages: { data: string }[] }).messages.map(({ data }) => Buffer.from(data, 'base64').toString());

export const BATCH: readonly Case[] = [
  story(229, 'a batch of two stores', async (at) => {
    const owner = Owner.plain();
    const results = await at.results(batch(['1', '2'].map((text) => signedStore(owner, text, { namespace: 42 }))));
    const hashes = ['1', '2'].map((text) => hashOf(owner.account, 42, text));
    expect(results.map(({ code, body }) => [code, (body as { hash: string }).hash])).toEqual(
      hashes.map((hash) => [200, hash]),
    );
    for (const [index, { body }] of results.entries())
      at.verified(body as Record<string, unknown>, () => String(hashes[index]));
  }),
  story(231, 'a batch of twenty', async (at) => {
    const results = await at.results(batch(Array.from({ length: 20 }, () => INFO)));
    expect(results.map(({ code }) => code)).toEqual(Array.from({ length: 20 }, () => 200));
  }),
  unreadable(
    232,
    'a batch of 21',
    () => batch(Array.from({ length: 21 }, () => INFO)),
    'Invalid batch request: subrequest limit exceeded',
  ),
  unreadable(233, 'an empty batch', () => batch([]), NO_REQUESTS),
  unreadable(233, 'a batch without requests', () => call('batch', {}), NO_REQUESTS),
  unreadable(233, 'a batch of an object', () => call('batch', { requests: {} }), NO_REQUESTS),
  unreadable(
    234,
    'an element that is a number',
    () => call('batch', { requests: [5] }),
    'Invalid batch request: requests must be objects',
  ),
  unreadable(
    235,
    'an element without params',
    () => call('batch', { requests: [{ method: 'info' }] }),
    'Invalid batch request: subrequests must have method/params keys',
  ),
  unreadable(
    236,
    'an element with an unknown method',
    () => batch([call('nope', {})]),
    'Invalid batch subrequest: invalid method "nope"',
  ),
  ...[batch([INFO]), call('ifelse', { if: { hf_at_least: 19 }, then: INFO })].map((inner) =>
    unreadable(
      237,
      `a ${inner.method} within`,
      () => batch([inner]),
      'Invalid batch subrequest: subrequests may not contain meta-requests',
    ),
  ),
  story(238, 'one that cannot be read stops them all', async (at) => {
    const owner = Owner.plain();
    const request = batch([store(owner, 'good'), changed(store(owner, 'bad'), { data: undefined })]);
    await at.refuses(request, 400, "invalid request: Required field 'data' missing");
    expect(await at.texts(retrieve(owner))).toEqual([]);
  }),
  story(239, 'one that is refused does not stop a batch', async (at) => {
    const [first, second, ...rest] = await at.results(batch(forbiddenThenAllowed(Owner.plain())));
    expect(first).toEqual({ code: 401, body: NOT_SIGNED });
    expect(second).toMatchObject({ code: 200, body: { messages: [] } });
    expect(rest).toEqual([]);
  }),
  story(240, 'one that is refused ends a sequence', async (at) => {
    expect(await at.results(sequence(forbiddenThenAllowed(Owner.plain())))).toEqual([{ code: 401, body: NOT_SIGNED }]);
  }),
  story(241, 'a sequence sees what it did before', async (at) => {
    const owner = Owner.plain();
    const requests = [
      store(owner, 'first'),
      retrieve(owner),
      store(owner, 'second'),
      deleteAll(owner),
      retrieve(owner),
    ];
    const results = await at.results(sequence(requests));
    expect(results.map(({ code }) => code)).toEqual([200, 200, 200, 200, 200]);
    expect(textsOf(results[1]?.body)).toEqual(['first']);
    const { swarm } = results[3]?.body as { swarm: Record<string, { deleted: string[] }> };
    const both = ['first', 'second'].map((text) => hashOf(owner.account, 0, text)).sort();
    expect(swarm[at.network.entry.ed25519]?.deleted).toEqual(both);
    expect(textsOf(results[4]?.body)).toEqual([]);
  }),
  story(242, 'an account of another swarm in a batch', async (at) => {
    const [result] = await at.results(batch([store(Owner.elsewhere(), 'x')]));
    at.expectWrongSwarm({ code: result?.code ?? 0, body: result?.body });
  }),
  story(243, 'get_expiries in a batch has no time', async (at) => {
    const [result] = await at.results(batch([getExpiries(Owner.plain(), ['x'])]));
    expect(result).toEqual({ code: 200, body: { expiries: {} } });
  }),
];
