import { describe, expect, it } from '@jest/globals';
import { AccountId } from '../account-id.js';
import { encodeBase64 } from '../base64.js';
import { ClockSkew, Unauthorized } from '../errors.js';
import { bytesToHex, concatBytes } from '../hex.js';
import type { JsonValue } from '../json.js';
import { noblePrimitives as p } from '../noble-primitives.js';
import { signingText } from '../signing-text.js';
import { TEXTS } from '../texts.js';
import { JsonParams } from './params.js';
import { authorizeRetrieve, parseRetrieve, type RetrieveRequest } from './retrieve.js';

const NOW = 1_700_000_000_000;
const owner = { seed: new Uint8Array(32).fill(1), publicKey: p.ed25519PublicKey(new Uint8Array(32).fill(1)) };
const delegate = { seed: new Uint8Array(32).fill(2), publicKey: p.ed25519PublicKey(new Uint8Array(32).fill(2)) };
const group = AccountId.parse(concatBytes(Uint8Array.of(3), owner.publicKey));
const HASH = 'gwTFi7xJfaW/kuECEKV+HwjKWozToGIYTM7R9KyaH7M';

const parse = (fields: Record<string, JsonValue>): RetrieveRequest =>
  parseRetrieve(new JsonParams({ pubkey: group.hex, ...fields }));
const signedBy = (key: typeof owner, namespace: number, timestamp = NOW) => ({
  timestamp,
  signature: encodeBase64(p.ed25519Sign(signingText.retrieve(namespace, timestamp), key)),
});

describe('parseRetrieve', () => {
  it('reads the least that a retrieve needs', () => {
    expect(parse({})).toEqual({
      method: 'retrieve',
      account: group,
      namespace: 0,
      after: null,
      limits: { maxMessages: null, maxCost: 1_560_000 },
      proof: null,
    });
  });

  it.each<[string, Record<string, JsonValue>, Partial<RetrieveRequest>]>([
    ['where to start', { last_hash: HASH }, { after: HASH }],
    ['where to start, in the other spelling', { lastHash: HASH }, { after: HASH }],
    ['an empty start', { last_hash: '' }, { after: null }],
    ['no start', { last_hash: null }, { after: null }],
    ['the other spelling of pubkey', { pubkey: null, pubKey: group.hex }, {}],
    ['an open namespace without signature', { namespace: -10 }, { namespace: -10, proof: null }],
    ['an outbox without signature', { namespace: -21 }, { namespace: -21, proof: null }],
    ['what session.js calls a size as nothing', { maxSize: -2 }, { limits: { maxMessages: null, maxCost: 1_560_000 } }],
  ])('reads %s', (_name, fields, request) => {
    expect(parse(fields)).toMatchObject(request);
  });

  it.each<[string, Record<string, JsonValue>, string]>([
    ['no account', { pubkey: null }, "Required field 'pubkey' missing"],
    ['an explicit namespace 0 without signature', { namespace: 0 }, "Required field 'signature' missing"],
    ['a time without signature', { timestamp: NOW }, "Required field 'signature' missing"],
    [
      'a time without signature in an open namespace',
      { namespace: 40, timestamp: NOW },
      "Required field 'signature' missing",
    ],
    ['a key without signature', { pubkey_ed25519: 'ab' }, "Required field 'signature' missing"],
    ['a signature without time', { signature: encodeBase64(new Uint8Array(64)) }, "Required field 'timestamp' missing"],
    [
      'a time as text',
      { timestamp: '1700000000000' },
      "Invalid value given for 'timestamp': expected integer timestamp (in milliseconds)",
    ],
    ['both starts', { last_hash: '', lastHash: '' }, "Cannot specify both 'last_hash' and 'lastHash'"],
    ['a start too short', { last_hash: HASH.slice(1) }, TEXTS.parse.lastHashLength],
    ['a start that is not base64', { last_hash: `!${HASH.slice(1)}` }, TEXTS.parse.lastHashNotBase64],
    ['every namespace', { namespace: 'all' }, "Invalid value given for 'namespace': expected 16-bit integer"],
    ['a missing signature before a bad start', { namespace: 5, last_hash: 'x' }, "Required field 'signature' missing"],
  ])('refuses %s', (_name, fields, text) => {
    expect(() => parse(fields)).toThrow(`invalid request: ${text}`);
  });
});

describe('authorizeRetrieve', () => {
  const delegated = (namespace: number, flags: number) => {
    const token = concatBytes(Uint8Array.of(3, flags, 0, 0), delegate.publicKey);
    const fields = { subaccount: bytesToHex(token), subaccount_sig: encodeBase64(p.ed25519Sign(token, owner)) };
    return { ...signedBy(delegate, namespace), namespace, ...fields };
  };
  const authorize = (fields: Record<string, JsonValue>, revoked = false): void =>
    authorizeRetrieve(p, parse(fields), { nowMs: NOW, revoked, forwarded: false });

  it.each<[string, Record<string, JsonValue>]>([
    ['anyone in -10', { namespace: -10 }],
    ['anyone in an outbox', { namespace: -1 }],
    ['the owner', signedBy(owner, 0)],
    ['the owner, naming namespace 0', { ...signedBy(owner, 0), namespace: 0 }],
    ['the owner, a minute off', signedBy(owner, 0, NOW + 60_000)],
    ['a delegate that may read', delegated(42, 0x01)],
  ])('lets %s pass', (_name, fields) => {
    expect(() => authorize(fields)).not.toThrow();
  });

  it('lets a revoked delegate read where revocations do not count, and nowhere else', () => {
    expect(() => authorize(delegated(-11, 0x01), true)).not.toThrow();
    expect(() => authorize(delegated(11, 0x01), true)).toThrow(Unauthorized);
  });

  it.each<[string, Record<string, JsonValue>]>([
    ['a stranger', signedBy(delegate, 0)],
    ['a stranger in an open namespace: a proof that is given counts', { ...signedBy(delegate, -10), namespace: -10 }],
    ['a signature of another namespace', { ...signedBy(owner, 0), namespace: 42 }],
    ['a delegate that may not read', delegated(42, 0x02)],
  ])('refuses %s', (_name, fields) => {
    expect(() => authorize(fields)).toThrow(new Unauthorized('retrieve signature verification failed'));
  });

  it('has words of its own for no proof at all, and looks at the time before the signature', () => {
    expect(() => authorize({})).toThrow(new Unauthorized('retrieve: request signature required'));
    expect(() => authorize(signedBy(delegate, 0, NOW - 60_001))).toThrow(
      new ClockSkew('retrieve timestamp too far from current time'),
    );
  });
});
