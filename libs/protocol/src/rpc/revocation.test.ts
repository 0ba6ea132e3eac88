import { describe, expect, it } from '@jest/globals';
import { AccountId } from '../account-id.js';
import { encodeBase64 } from '../base64.js';
import { bytesToHex, concatBytes } from '../hex.js';
import type { JsonValue } from '../json.js';
import { noblePrimitives as p } from '../noble-primitives.js';
import { signingText } from '../signing-text.js';
import { BtParams, JsonParams } from './params.js';
import { authorizeRevocation, parseRevoke, parseUnrevoke } from './revocation.js';

const NOW = 1_700_000_000_000;
const owner = { seed: new Uint8Array(32).fill(1), publicKey: p.ed25519PublicKey(new Uint8Array(32).fill(1)) };
const delegate = { seed: new Uint8Array(32).fill(2), publicKey: p.ed25519PublicKey(new Uint8Array(32).fill(2)) };
const group = AccountId.parse(concatBytes(Uint8Array.of(3), owner.publicKey));
const token = concatBytes(Uint8Array.of(3, 3, 0, 0), delegate.publicKey);
const signed = (key: typeof owner, tokens: readonly Uint8Array[], timestampMs = NOW): string =>
  encodeBase64(p.ed25519Sign(signingText.revokeSubaccount(timestampMs, tokens), key));

const fieldsOf = (changes: Record<string, JsonValue>): JsonParams =>
  new JsonParams({ pubkey: group.hex, timestamp: NOW, revoke: [], signature: signed(owner, []), ...changes });
const at = { nowMs: NOW, revoked: false, forwarded: false };

describe('parseRevoke', () => {
  it.each<[string, JsonValue]>([
    ['base64', encodeBase64(token)],
    ['hex', bytesToHex(token)],
    ['a list', [encodeBase64(token)]],
  ])('reads tokens as %s', (_what, revoke) => {
    expect(parseRevoke(fieldsOf({ revoke })).tokens).toEqual([token]);
  });

  it('takes an empty list, and does not look at a subaccount beside it', () => {
    expect(parseRevoke(fieldsOf({ subaccount: 'nonsense' }))).toMatchObject({
      tokens: [],
      proof: { subaccount: null },
    });
  });

  it.each<[string, Record<string, JsonValue>, string]>([
    ['no list', { revoke: null }, "Required field 'revoke' missing"],
    ['no time', { timestamp: null }, "Required field 'timestamp' missing"],
    ['numbers', { revoke: [1] }, "Invalid value given for 'revoke': expected string array"],
    ['a short token', { revoke: 'AAAA' }, 'invalid revoke: expected base64 or hex-encoded subaccount tag'],
    [
      'more than fifty',
      { revoke: Array<string>(51).fill(encodeBase64(token)) },
      'invalid revoke: cannot revoke more than 50 subaccounts at once',
    ],
  ])('refuses %s', (_what, changes, text) => {
    expect(() => parseRevoke(fieldsOf(changes))).toThrow(`invalid request: ${text}`);
  });

  it('has other words in bencode', () => {
    const fields = new Map<string, Uint8Array | number | Uint8Array[]>([
      ['pubkey', group.bytes],
      ['signature', new Uint8Array(64)],
      ['timestamp', NOW],
      ['unrevoke', [new Uint8Array(35)]],
    ]);
    const text = 'invalid request: invalid unrevoke subaccount: invalid subaccount tag length';
    expect(() => parseUnrevoke(new BtParams(fields))).toThrow(text);
  });
});

describe('authorizeRevocation', () => {
  it('lets the owner pass, within a minute', () => {
    for (const timestamp of [NOW - 60_000, NOW + 60_000]) {
      const request = parseRevoke(
        fieldsOf({ timestamp, revoke: encodeBase64(token), signature: signed(owner, [token], timestamp) }),
      );
      expect(() => authorizeRevocation(p, request, at)).not.toThrow();
    }
  });

  it('refuses others and other times', () => {
    const old = parseRevoke(fieldsOf({ timestamp: NOW - 60_001 }));
    expect(() => authorizeRevocation(p, old, at)).toThrow('revoke_subaccount timestamp too far from current time');
    const strange = parseRevoke(fieldsOf({ signature: signed(delegate, []) }));
    expect(() => authorizeRevocation(p, strange, at)).toThrow('revoke_subaccount signature verification failed');
    const other = parseRevoke(fieldsOf({ revoke: encodeBase64(token) }));
    expect(() => authorizeRevocation(p, other, at)).toThrow('revoke_subaccount signature verification failed');
  });
});
