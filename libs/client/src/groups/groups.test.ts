import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bencode, bytesToHex, hexToBytes, noblePrimitives as p, utf8 } from '#protocol';
import { clientMessageVectors } from '../../../../test/vectors/client-messages.js';
import { Account } from '../account/account.js';
import { openConfig } from '../config/config-content.js';
import { CONFIG_KINDS } from '../config/config-kind.js';
import { parseConfig } from '../config/config-message.js';
import { groupKeyForAdmin, groupKeyForMember, memberSealingKey, parseGroupKeys } from './group-keys.js';
import { openGroupMessage, sealGroupMessage } from './group-message.js';
import { openSubaccount } from './subaccount.js';

const { group, mnemonics } = clientMessageVectors;
const [alice, bob] = mnemonics.map(({ mnemonic }) => Account.fromMnemonic(mnemonic)) as [Account, Account];
const bytes = (hex: string | undefined): Uint8Array => hexToBytes(hex ?? '') ?? new Uint8Array();
const hex = (value: Uint8Array | null | undefined): string => (value ? bytesToHex(value) : 'null');
const item = (name: string): Readonly<Record<string, string>> => group.find((each) => each.name === name) ?? {};

const own = item('group-message-uncompressed');
const groupPublic = bytes(own.group_ed25519_public);
const groupKey = bytes(own.group_key);

describe('a group message', () => {
  it('of the vector is made to the same bytes', () => {
    const message = { groupKey, author: alice, envelope: bytes(own.envelope) };
    expect(hex(sealGroupMessage(p, () => bytes(own.nonce), message))).toBe(own.ciphertext);
  });

  it.each(['group-message-uncompressed', 'group-message-by-libsession'])('of vector %s opens', (name) => {
    const { ciphertext, envelope } = item(name);
    const opened = openGroupMessage(p, [new Uint8Array(32), groupKey], bytes(ciphertext));
    expect(hex(opened?.envelope)).toBe(envelope);
    expect(opened?.authorId).toBe(alice.id);
  });

  it('has a length of few, and comes back whatever is in it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (envelope) => {
        const random = (length: number): Uint8Array => new Uint8Array(length);
        const sealed = sealGroupMessage(p, random, { groupKey, author: bob, envelope });
        expect(sealed.length % 256).toBe(0);
        expect(hex(openGroupMessage(p, [groupKey], sealed)?.envelope)).toBe(hex(envelope));
      }),
      { numRuns: 15 },
    );
  });

  it.each<[string, object]>([
    ['of another version', { '': 2 }],
    ['without an author', { a: new Uint8Array(31) }],
    ['with a signature of somebody else', { s: p.ed25519Sign(utf8('x'), bob.ed25519) }],
    ['without data', { d: 5 }],
    ['with data that does not decompress', { d: undefined, z: utf8('x') }],
  ])('%s is refused', (_name, change) => {
    const fields = {
      '': 1,
      a: alice.ed25519.publicKey,
      d: utf8('x'),
      s: p.ed25519Sign(utf8('x'), alice.ed25519),
      ...change,
    };
    const nonce = new Uint8Array(24);
    const sealed = p.xchacha20Poly1305Seal(groupKey, nonce, bencode(fields));
    expect(openGroupMessage(p, [groupKey], new Uint8Array([...nonce, ...sealed]))).toBeNull();
  });

  it('for other keys, and hostile bytes, are refused', () => {
    expect(openGroupMessage(p, [new Uint8Array(32)], bytes(own.ciphertext))).toBeNull();
    expect(openGroupMessage(p, [groupKey], new Uint8Array(39))).toBeNull();
    const sealed = p.xchacha20Poly1305Seal(groupKey, new Uint8Array(24), utf8('no dictionary'));
    expect(openGroupMessage(p, [groupKey], new Uint8Array([...new Uint8Array(24), ...sealed]))).toBeNull();
  });
});

describe('a keys message', () => {
  const vector = item('keys-message');
  const message = parseGroupKeys(p, groupPublic, bytes(vector.message));
  if (!message) throw new Error('the vector cannot be read');

  it('is read when the group signed it', () => {
    expect(hex(message.nonce)).toBe(vector.nonce);
    expect(message.forMembers).toHaveLength(Number(vector.ciphertexts));
    expect(parseGroupKeys(p, alice.ed25519.publicKey, bytes(vector.message))).toBeNull();
  });

  it('gives the group key to a member and to an admin, and to nobody else', () => {
    expect(hex(memberSealingKey(p, groupPublic, bob.x25519))).toBe(vector.member_key);
    expect(hex(groupKeyForMember(p, message, groupPublic, bob.x25519))).toBe(vector.group_key);
    expect(hex(groupKeyForAdmin(p, message, bytes(own.group_seed)))).toBe(vector.group_key);
    const stranger = Account.generate((length) => new Uint8Array(length).fill(77));
    expect(groupKeyForMember(p, message, groupPublic, stranger.x25519)).toBeNull();
    expect(groupKeyForAdmin(p, message, stranger.ed25519.seed)).toBeNull();
    expect(memberSealingKey(p, new Uint8Array(32), bob.x25519)).toBeNull();
  });

  it.each(['', 'le', 'd1:#0:e', 'd1:Gi1ee'])('is not read from %j', (text) => {
    expect(parseGroupKeys(p, groupPublic, utf8(text))).toBeNull();
  });
});

describe('an Info config of a group', () => {
  it('of the vector opens with the group key and is signed by the group', () => {
    const vector = item('info-config');
    expect(CONFIG_KINDS.groupInfo.domain).toBe(vector.domain);
    const content = openConfig(p, bytes(vector.encrypted), groupKey, CONFIG_KINDS.groupInfo);
    const serialized = content?.kind === 'whole' ? content.serialized : new Uint8Array();
    expect(parseConfig(p, serialized, groupPublic)?.data.get('n')).toEqual(utf8(vector.expect_name ?? ''));
    expect(parseConfig(p, serialized, alice.ed25519.publicKey)).toBeNull();
  });
});

describe('a subaccount', () => {
  const vector = item('subaccount');
  const authData = bytes(vector.auth_data);

  it('of the vector has the token, its signature and the request signature of libsession', () => {
    const subaccount = openSubaccount(p, authData, bob);
    expect(hex(subaccount?.token)).toBe(vector.token);
    expect(hex(subaccount?.tokenSignature)).toBe(vector.subaccount_sig);
    expect(hex(subaccount?.sign(utf8(vector.signing_input_text ?? '')))).toBe(vector.signature);
  });

  it('signs so that nodes can verify it, for keys of both signs', () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const member = Account.generate((length) => new Uint8Array(length).fill(seed));
      const subaccount = openSubaccount(p, authData, member);
      const message = utf8('retrieve111');
      const key = subaccount?.token.slice(4) ?? new Uint8Array(32);
      expect(p.ed25519Verify(subaccount?.sign(message) ?? new Uint8Array(64), message, key)).toBe(true);
    }
  });

  it('does not exist for other bytes', () => {
    expect(openSubaccount(p, authData.subarray(1), bob)).toBeNull();
    expect(openSubaccount(p, new Uint8Array(100), bob)).toBeNull();
    expect(openSubaccount(p, Uint8Array.from([3, ...new Uint8Array(99)]), bob)).toBeNull();
  });
});
