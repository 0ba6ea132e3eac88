import { describe, expect, it } from '@jest/globals';
import { AccountId } from '../account-id.js';
import { encodeBase64 } from '../base64.js';
import { ClockSkew, Forbidden, Unauthorized } from '../errors.js';
import { bytesToHex, concatBytes, utf8 } from '../hex.js';
import type { JsonObject, JsonValue } from '../json.js';
import { noblePrimitives as p } from '../noble-primitives.js';
import { signingText } from '../signing-text.js';
import { TEXTS } from '../texts.js';
import { BtParams, JsonParams } from './params.js';
import { authorizeStore, checkStoreTimes, parseStore, type StoreRequest } from './store.js';

const NOW = 1_700_000_000_000;
const DAY = 86_400_000;
const owner = { seed: new Uint8Array(32).fill(1), publicKey: p.ed25519PublicKey(new Uint8Array(32).fill(1)) };
const delegate = { seed: new Uint8Array(32).fill(2), publicKey: p.ed25519PublicKey(new Uint8Array(32).fill(2)) };
const group = AccountId.parse(concatBytes(Uint8Array.of(3), owner.publicKey));

const minimal = { pubkey: group.hex, timestamp: NOW, ttl: DAY, data: 'aGk=' };
const parse = (changes: Record<string, JsonValue>): StoreRequest =>
  parseStore(new JsonParams({ ...minimal, ...changes }));
const without = (...names: string[]): JsonObject =>
  Object.fromEntries(Object.entries(minimal).filter(([name]) => !names.includes(name)));

const signature = encodeBase64(new Uint8Array(64).fill(9));

describe('parseStore', () => {
  it('reads the least that a store needs', () => {
    expect(parse({})).toEqual({
      method: 'store',
      account: group,
      namespace: 0,
      timestampMs: NOW,
      expiryMs: NOW + DAY,
      data: utf8('hi'),
      proof: null,
    });
  });

  it.each<[string, Record<string, JsonValue>, Partial<StoreRequest>]>([
    ['times as text', { timestamp: String(NOW), ttl: '10000' }, { timestampMs: NOW, expiryMs: NOW + 10_000 }],
    ['an absolute expiry', { ttl: null, expiry: NOW + 5 }, { expiryMs: NOW + 5 }],
    ['a namespace', { namespace: -10 }, { namespace: -10 }],
    ['empty data', { data: '' }, { data: new Uint8Array() }],
    ['the other spelling of pubkey', { pubkey: null, pubKey: group.hex }, {}],
    ['the most data', { data: 'A'.repeat(102_400) }, { data: new Uint8Array(76_800) }],
    ['fields of a proof without signature as nothing', { pubkey_ed25519: 'x', subaccount: 'y' }, { proof: null }],
  ])('reads %s', (_name, fields, request) => {
    expect(parse(fields)).toMatchObject(request);
  });

  it('takes the message time for the time of signing when that is not given', () => {
    expect(parse({ signature }).proof?.signedAtMs).toBe(NOW);
    expect(parse({ signature, sig_timestamp: NOW + 7 }).proof?.signedAtMs).toBe(NOW + 7);
  });

  it('reads raw data from bencode', () => {
    const data = Uint8Array.of(0, 255, 1);
    const fields = new Map(Object.entries({ data, expiry: NOW + 1, pubkey: group.bytes, timestamp: NOW }));
    expect(parseStore(new BtParams(fields))).toMatchObject({ account: group, data, expiryMs: NOW + 1 });
    fields.set('data', new Uint8Array(76_801));
    expect(() => parseStore(new BtParams(fields))).toThrow('exceeds maximum allowed length of 76800 bytes');
  });

  it.each<[string, JsonObject, string]>([
    ['nothing', {}, "Required field 'timestamp' missing"],
    ['no lifetime', without('ttl'), "Required field 'expiry' or 'ttl' missing"],
    ['two lifetimes', { ...minimal, expiry: NOW }, "Cannot specify both 'expiry' and 'ttl'"],
    ['no account', without('pubkey'), "Required field 'pubkey' missing"],
    ['two accounts', { ...minimal, pubKey: group.hex }, "Cannot specify both 'pubkey' and 'pubKey'"],
    [
      'a bad account before missing data',
      { ...without('data'), pubkey: '05' },
      'Pubkey must be 66 hex digits (33 bytes) long',
    ],
    ['a bad signature before missing data', { ...without('data'), signature: '' }, TEXTS.parse.signatureJson],
    ['no data', without('data'), "Required field 'data' missing"],
    ['data that is not base64', { ...minimal, data: '***' }, "Invalid 'data' value: not base64 encoded"],
    [
      'a byte too much',
      { ...minimal, data: `${'A'.repeat(102_400)}AA==` },
      'Message body exceeds maximum allowed length of 76800 bytes',
    ],
    ['a wrong type before anything missing', { ttl: true }, "Invalid value given for 'ttl': expected positive integer"],
  ])('refuses %s', (_name, fields, text) => {
    expect(() => parseStore(new JsonParams(fields))).toThrow(`invalid request: ${text}`);
  });
});

describe('checkStoreTimes', () => {
  it.each<[string, Record<string, JsonValue>]>([
    ['the shortest life', { ttl: 10_000 }],
    ['the longest life in an inbox', { ttl: 14 * DAY }],
    ['the longest life elsewhere', { namespace: 5, ttl: 30 * DAY }],
    ['a message from ten seconds ahead', { timestamp: NOW + 10_000 }],
    ['an old message that lives on', { timestamp: NOW - 10 * DAY, ttl: 14 * DAY }],
    ['a message that ended ten seconds ago', { timestamp: NOW - 20_000, ttl: 10_000 }],
  ])('lets %s pass', (_name, fields) => {
    expect(() => checkStoreTimes(parse(fields), NOW)).not.toThrow();
  });

  it.each<[string, Record<string, JsonValue>]>([
    ['a life too short', { ttl: 9_999 }],
    ['a life too long for an inbox', { ttl: 14 * DAY + 1 }],
    ['a life too long for another inbox', { namespace: 10, ttl: 15 * DAY }],
    ['a life too long for anything', { namespace: 5, ttl: 30 * DAY + 1 }],
    ['a life without end', { ttl: 2n ** 63n }],
    ['a bad life of a message with a bad clock', { timestamp: NOW + DAY, ttl: 1 }],
  ])('forbids %s', (_name, fields) => {
    expect(() => checkStoreTimes(parse(fields), NOW)).toThrow(new Forbidden('Provided expiry/TTL is not valid.'));
  });

  it.each<[string, Record<string, JsonValue>]>([
    ['a message from further ahead', { timestamp: NOW + 10_001 }],
    ['a message that ended before', { timestamp: NOW - 20_001, ttl: 10_000 }],
    ['a time beyond any clock', { timestamp: 2n ** 62n }],
    ['a time before any clock', { timestamp: -5 }],
  ])('sees a wrong clock in %s', (_name, fields) => {
    expect(() => checkStoreTimes(parse(fields), NOW)).toThrow(new ClockSkew('Timestamp error: check your clock'));
  });
});

describe('authorizeStore', () => {
  const signedBy = (key: typeof owner, namespace: number, signedAtMs = NOW) => ({
    namespace,
    sig_timestamp: signedAtMs,
    signature: encodeBase64(p.ed25519Sign(signingText.store(namespace, signedAtMs), key)),
  });
  const delegated = (namespace: number, flags: number) => {
    const token = concatBytes(Uint8Array.of(3, flags, 0, 0), delegate.publicKey);
    const fields = { subaccount: bytesToHex(token), subaccount_sig: encodeBase64(p.ed25519Sign(token, owner)) };
    return { ...signedBy(delegate, namespace), ...fields };
  };
  const authorize = (fields: Record<string, JsonValue>, revoked = false): void =>
    authorizeStore(p, parse(fields), { nowMs: NOW, revoked, forwarded: false });

  it.each<[string, Record<string, JsonValue>]>([
    ['an inbox without signature', { namespace: 40 }],
    ['an inbox with a wrong signature', { namespace: 0, signature }],
    ['the owner', signedBy(owner, 42)],
    ['the owner, a minute off', signedBy(owner, 42, NOW - 60_000)],
    ['the owner of an outbox', signedBy(owner, -1)],
    ['a delegate that may write', delegated(42, 0x02)],
    ['a delegate that may write and delete, in an outbox', delegated(-1, 0x06)],
  ])('lets %s pass', (_name, fields) => {
    expect(() => authorize(fields)).not.toThrow();
  });

  it.each<[string, Record<string, JsonValue>]>([
    ['a stranger', signedBy(delegate, 42)],
    ['a signature of another namespace', { ...signedBy(owner, 42), namespace: 43 }],
    ['a delegate that may only read', delegated(42, 0x01)],
    ['a delegate that may not delete, in an outbox', delegated(-1, 0x02)],
  ])('refuses %s', (_name, fields) => {
    expect(() => authorize(fields)).toThrow(new Unauthorized('store signature verification failed'));
  });

  it('refuses a delegate whose token was revoked', () => {
    expect(() => authorize(delegated(42, 0x02), true)).toThrow(Unauthorized);
  });

  it('asks for a signature first, then for the time, then looks at the signature', () => {
    expect(() => authorize({ namespace: -1 })).toThrow(
      new Unauthorized('store: signature required to store to namespace -1'),
    );
    expect(() => authorize(signedBy(delegate, 42, NOW - 60_001))).toThrow(
      new ClockSkew('store signature timestamp too far from current time'),
    );
  });
});
