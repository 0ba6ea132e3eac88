import { expect } from '@jest/globals';
import { call, changed, deleteAll, retrieve, store } from '../calls.js';
import { accepted, refusal, story, unreadable, type Case } from '../case.js';
import { Owner } from '../people.js';
import { allSorted, covers, type Scene } from '../scene.js';

const PUBKEY = 'Pubkey must be 66 hex digits (33 bytes) long';
const DELETE_ALL_REFUSED = 'delete_all signature verification failed';
const SIGNATURE = 'invalid signature: expected base64 encoded Ed25519 signature';
const TIMESTAMP = "Invalid value given for 'timestamp': expected integer timestamp (in milliseconds)";

const aDeleteAll = (): ReturnType<typeof deleteAll> => deleteAll(Owner.person());
const aRetrieve = (): ReturnType<typeof retrieve> => retrieve(Owner.person());
const changedRetrieve = (changes: object) => () => changed(aRetrieve(), { ...changes });

/** A refused delete_all leaves the message where it is. */
async function expectNothingDeleted(at: Scene, owner: Owner, request: ReturnType<typeof deleteAll>): Promise<void> {
  await at.stored(store(owner, 'stays'));
  await at.refuses(request, 401, DELETE_ALL_REFUSED);
  expect(await at.texts(retrieve(owner))).toEqual(['stays']);
}

/** A signature by this owner whose text form has a character that the two alphabets spell differently. */
function withSpecialCharacter(owner: Owner): ReturnType<typeof retrieve> {
  for (let back = 0; ; back += 1) {
    const request = retrieve(owner, { timestamp: Date.now() - back });
    if (/[+/]/.test(String(request.params.signature))) return request;
  }
}

export const IDENTITY: readonly Case[] = [
  unreadable(26, 'get_swarm without account', () => call('get_swarm', {}), "Required field 'pubkey' missing"),
  unreadable(
    27,
    'get_swarm with 65 digits',
    () => call('get_swarm', { pubkey: `05${'a'.repeat(63)}` }),
    'Pubkey must be 66 hex digits/33 bytes long',
  ),
  unreadable(28, 'an account that is not hex', () => store(stranger(`05${'z'.repeat(64)}`), 'x'), PUBKEY),
  unreadable(29, 'an account without prefix', () => store(stranger('a'.repeat(64)), 'x'), PUBKEY),
  unreadable(
    30,
    'pubkey and pubKey',
    () => {
      const owner = Owner.plain();
      return changed(store(owner, 'x'), { pubKey: owner.account });
    },
    "Cannot specify both 'pubkey' and 'pubKey'",
  ),
  accepted(31, 'pubKey alone in a store', () => {
    const owner = Owner.plain();
    return changed(store(owner, 'x'), { pubkey: undefined, pubKey: owner.account });
  }),
  unreadable(
    32,
    'pubKey in delete_all',
    () => {
      const request = aDeleteAll();
      return changed(request, { pubkey: undefined, pubKey: request.params.pubkey });
    },
    "Required field 'pubkey' missing",
  ),
  story(33, 'an account in upper case is signed for in lower case', async (at) => {
    const owner = Owner.person();
    const hash = await at.stored(store(owner, 'x'));
    const request = deleteAll(owner);
    const shouting = changed(request, { pubkey: owner.account.toUpperCase() });
    const timestamp = Number(request.params.timestamp);
    const [entry] = await at.entries(shouting, ({ deleted }) => covers(owner, timestamp, allSorted(deleted)));
    expect(entry.deleted).toEqual([hash]);
  }),
  story(34, 'a person without the Ed25519 key deletes nothing', async (at) => {
    const owner = Owner.person();
    await expectNothingDeleted(at, owner, changed(deleteAll(owner), { pubkey_ed25519: undefined }));
  }),
  story(35, 'another key pair deletes nothing', async (at) => {
    const [owner, stranger] = [Owner.person(), Owner.person()];
    await expectNothingDeleted(at, owner, changed(deleteAll(stranger), { pubkey: owner.account }));
  }),
  story(36, 'a person with the Ed25519 key deletes, and nodes sign for the Session id', async (at) => {
    const owner = Owner.person();
    const hash = await at.stored(store(owner, 'goes'));
    const request = deleteAll(owner);
    const timestamp = Number(request.params.timestamp);
    for (const { deleted } of await at.entries(request, (entry) => covers(owner, timestamp, allSorted(entry.deleted))))
      expect(deleted).toEqual([hash]);
    expect(await at.texts(retrieve(owner))).toEqual([]);
  }),
  unreadable(
    37,
    'pubkey_ed25519 with prefix 04',
    () => {
      const owner = Owner.plain('04');
      return changed(deleteAll(owner), { pubkey_ed25519: owner.ed25519 });
    },
    'pubkey_ed25519 is only permitted for 05[...] pubkeys',
  ),
  unreadable(
    38,
    'pubkey_ed25519 that is not hex',
    () => changed(aDeleteAll(), { pubkey_ed25519: 'x'.repeat(64) }),
    'invalid pubkey_ed25519: value is not hex',
  ),
  unreadable(
    39,
    'pubkey_ed25519 of 62 digits',
    () => changed(aDeleteAll(), { pubkey_ed25519: 'a'.repeat(62) }),
    'Invalid pubkey_ed25519: expected 64 hex char or 32 byte pubkey',
  ),
  accepted(40, 'pubkey_ed25519 in upper case', () => {
    const owner = Owner.person();
    return changed(deleteAll(owner), { pubkey_ed25519: owner.ed25519.toUpperCase() });
  }),
  accepted(41, 'a signature without padding', () => {
    const request = aRetrieve();
    return changed(request, { signature: String(request.params.signature).slice(0, 86) });
  }),
  story(42, 'a signature with padding', async (at) => {
    const request = aRetrieve();
    expect(request.params.signature).toMatch(/^.{86}==$/);
    await at.ok(request);
  }),
  unreadable(43, 'a signature in hex', changedRetrieve({ signature: 'ab'.repeat(64) }), SIGNATURE),
  unreadable(
    44,
    'a signature in the alphabet of URLs',
    () => {
      const request = withSpecialCharacter(Owner.person());
      const signature = String(request.params.signature).replaceAll('+', '-').replaceAll('/', '_');
      return changed(request, { signature });
    },
    SIGNATURE,
  ),
  unreadable(
    46,
    'a signature that is null',
    () => changed(aDeleteAll(), { signature: null }),
    "Required field 'signature' missing",
  ),
  unreadable(47, 'a timestamp that is text', changedRetrieve({ timestamp: '1700000000000' }), TIMESTAMP),
  story(48, 'a timestamp with an exponent', async (at) => {
    const text = JSON.stringify(aRetrieve()).replace(/"timestamp":\d+/, '"timestamp":1.7e12');
    const answer = await at.post(text);
    expect([answer.status, answer.text]).toEqual([400, `invalid request: ${TIMESTAMP}`]);
  }),
  unreadable(49, 'a timestamp below zero', changedRetrieve({ timestamp: -5 }), TIMESTAMP),
  unreadable(
    50,
    'a timestamp that must be seconds',
    changedRetrieve({ timestamp: 999_999_999 }),
    "Invalid timestamp for 'timestamp': timestamp must be in milliseconds",
  ),
  refusal(
    51,
    'the present in seconds is a time of long ago (Q-02)',
    () => retrieve(Owner.person(), { timestamp: Math.floor(Date.now() / 1_000) }),
    406,
    'retrieve timestamp too far from current time',
  ),
];

/** Somebody with an account that is none; the signature does not matter. */
function stranger(pubkey: string): { fields: { pubkey: string }; signature: Owner['signature'] } {
  return { fields: { pubkey }, signature: () => Buffer.alloc(64) };
}
