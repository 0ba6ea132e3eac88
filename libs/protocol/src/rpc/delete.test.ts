import { describe, expect, it } from '@jest/globals';
import { AccountId } from '../account-id.js';
import { encodeBase64 } from '../base64.js';
import { Unauthorized } from '../errors.js';
import { bytesToHex, concatBytes } from '../hex.js';
import type { JsonValue } from '../json.js';
import { noblePrimitives as p } from '../noble-primitives.js';
import { signingText } from '../signing-text.js';
import { authorizeDelete, parseDelete, type DeleteRequest } from './delete.js';
import { JsonParams } from './params.js';

const owner = { seed: new Uint8Array(32).fill(1), publicKey: p.ed25519PublicKey(new Uint8Array(32).fill(1)) };
const delegate = { seed: new Uint8Array(32).fill(2), publicKey: p.ed25519PublicKey(new Uint8Array(32).fill(2)) };
const group = AccountId.parse(concatBytes(Uint8Array.of(3), owner.publicKey));
const HASHES = ['gwTFi7xJfaW/kuECEKV+HwjKWozToGIYTM7R9KyaH7M', '/'.repeat(43), 'A'.repeat(43)];

const signedBy = (key: typeof owner, messages: readonly string[]) => ({
  signature: encodeBase64(p.ed25519Sign(signingText.delete(messages), key)),
});
const parse = (fields: Record<string, JsonValue>): DeleteRequest =>
  parseDelete(new JsonParams({ pubkey: group.hex, messages: HASHES, ...signedBy(owner, HASHES), ...fields }));

describe('parseDelete', () => {
  it('keeps the order of the request', () => {
    expect(parse({})).toMatchObject({ method: 'delete', account: group, messages: HASHES, required: false });
  });

  it('reads one hash alone and the wish for a 404', () => {
    expect(parse({ messages: 'B'.repeat(43), required: true })).toMatchObject({
      messages: ['B'.repeat(43)],
      required: true,
    });
  });

  it.each<[string, Record<string, JsonValue>, string]>([
    ['the spelling of pubkey that store takes', { pubkey: null, pubKey: group.hex }, "Required field 'pubkey' missing"],
    ['no signature, before no messages', { signature: null, messages: null }, "Required field 'signature' missing"],
    ['no messages', { messages: null }, "Required field 'messages' missing"],
    ['an empty list', { messages: [] }, 'messages does not contain any message hashes'],
    ['a short hash', { messages: [...HASHES, 'short'] }, 'invalid message hash: short'],
    ['a hash that is not base64', { messages: '!'.repeat(43) }, `invalid message hash: ${'!'.repeat(43)}`],
    ['a hash with padding', { messages: `${'A'.repeat(43)}=` }, `invalid message hash: ${'A'.repeat(43)}=`],
    [
      'more hashes than any client sends',
      { messages: Array<string>(4_097).fill('x') },
      'messages contains more than 4096 message hashes',
    ],
    ['a number for a hash', { messages: [1] }, "Invalid value given for 'messages': expected string array"],
    ['text for a boolean', { required: 'yes' }, "Invalid value given for 'required': expected boolean"],
  ])('refuses %s', (_name, fields, text) => {
    expect(() => parse(fields)).toThrow(`invalid request: ${text}`);
  });
});

describe('authorizeDelete', () => {
  const delegated = (flags: number) => {
    const token = concatBytes(Uint8Array.of(3, flags, 0, 0), delegate.publicKey);
    const fields = { subaccount: bytesToHex(token), subaccount_sig: encodeBase64(p.ed25519Sign(token, owner)) };
    return { ...signedBy(delegate, HASHES), ...fields };
  };

  it('lets the owner and a delegate with the right pass', () => {
    expect(() => authorizeDelete(p, parse({}), { revoked: false })).not.toThrow();
    expect(() => authorizeDelete(p, parse(delegated(0x04)), { revoked: false })).not.toThrow();
  });

  it.each<[string, Record<string, JsonValue>, boolean]>([
    ['a stranger', signedBy(delegate, HASHES), false],
    ['a signature over the sorted hashes', signedBy(owner, HASHES.toSorted()), false],
    ['a delegate that may read and write', delegated(0x03), false],
    ['a delegate whose token was revoked', delegated(0x04), true],
  ])('refuses %s', (_name, fields, revoked) => {
    expect(() => authorizeDelete(p, parse(fields), { revoked })).toThrow(
      new Unauthorized('delete_msgs signature verification failed'),
    );
  });
});
