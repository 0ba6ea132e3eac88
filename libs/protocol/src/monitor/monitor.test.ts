import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AccountId } from '../account-id.js';
import { bdecode, bencode, type Bencodable, type BValue } from '../bencode.js';
import { bytesToHex, concatBytes, utf8 } from '../hex.js';
import { noblePrimitives as p } from '../noble-primitives.js';
import { NodeKey } from '../node-key.js';
import { authorizeMonitor } from './authorize-monitor.js';
import { encodeMonitorRefusal, encodeMonitorReply, parseMonitorCall } from './monitor-call.js';
import { MonitorRefusal } from './monitor-refusal.js';
import { parseMonitorRequest } from './monitor-request.js';
import { encodeNotification, parseNotification } from './notification.js';

const NOW_S = 1_700_000_000;
const DAY_S = 86_400;
const OWNER = NodeKey.fromSeed(new Uint8Array(32).fill(7), p).ed25519;
const DELEGATE = NodeKey.fromSeed(new Uint8Array(32).fill(9), p).ed25519;
const GROUP = concatBytes(Uint8Array.of(3), OWNER.publicKey);
const SESSION = concatBytes(Uint8Array.of(5), p.ed25519ToX25519(OWNER.publicKey) ?? new Uint8Array());

const sign = (account: Uint8Array, t: number, d: 0 | 1, n: number[], key = OWNER): Uint8Array =>
  p.ed25519Sign(utf8(`MONITOR${bytesToHex(account)}${t}${d}${n.join(',')}`), key);

/** A subscription that is right in everything but for the changes. */
function wish(changes: Record<string, Bencodable | undefined> = {}): Record<string, Bencodable | undefined> {
  const n = [-5, 0, 23];
  return { p: GROUP, n, d: 1, t: NOW_S, s: sign(GROUP, NOW_S, 1, n), ...changes };
}

/** The token of a delegate and the owner's signature of it. */
function delegated(prefix: number, flags: number, n = [0]): Record<string, Bencodable | undefined> {
  const token = concatBytes(Uint8Array.of(prefix, flags, 0, 0), DELEGATE.publicKey);
  return wish({ n, T: token, S: p.ed25519Sign(token, OWNER), s: sign(GROUP, NOW_S, 1, n, DELEGATE) });
}

const dictOf = (fields: Record<string, Bencodable | undefined>): ReadonlyMap<string, BValue> =>
  bdecode(bencode(fields)) as ReadonlyMap<string, BValue>;

function judge(fields: Record<string, Bencodable | undefined>, at: Partial<{ nowMs: number; revoked: boolean }> = {}) {
  const request = parseMonitorRequest(p, dictOf(fields));
  authorizeMonitor(p, request, { nowMs: NOW_S * 1_000, revoked: false, ...at });
  return request;
}

/** `code text` of the refusal; null when it is granted. */
function refusalOf(...args: Parameters<typeof judge>): string | null {
  try {
    judge(...args);
    return null;
  } catch (cause) {
    if (!(cause instanceof MonitorRefusal)) throw cause;
    return `${cause.code} ${cause.message}`;
  }
}

describe('a subscription', () => {
  it('256: for an account of an Ed25519 key is granted', () => {
    const { account, namespaces, wantsData } = judge(wish());
    expect([account.hex, namespaces, wantsData]).toEqual([bytesToHex(GROUP), [-5, 0, 23], true]);
  });

  it('257: for a Session id names its Ed25519 key and is signed for the id', () => {
    const fields = { P: OWNER.publicKey, n: [0], t: NOW_S, s: sign(SESSION, NOW_S, 0, [0]) };
    const { account, wantsData } = judge(fields);
    expect([account.hex, wantsData]).toEqual([bytesToHex(SESSION), false]);
    expect(refusalOf({ ...fields, s: sign(GROUP, NOW_S, 0, [0]) })).toBe('5 Signature verification failed');
  });

  it('258: by a delegate needs a token with the right to read', () => {
    expect(judge(delegated(3, 0x01)).account.hex).toBe(bytesToHex(GROUP));
    expect(judge(delegated(5, 0x09)).account.hex).toBe(bytesToHex(GROUP));
  });

  const bytes = (count: number): Uint8Array => new Uint8Array(count);
  it.each<[string, Record<string, Bencodable | undefined>, string]>([
    ['without an account', wish({ p: undefined }), '1 Invalid arguments: Either p= or P= must be given'],
    ['266: with two', wish({ P: OWNER.publicKey }), '1 Invalid arguments: Cannot provide both p= and P= pubkey values'],
    ['without a time', wish({ t: undefined }), '1 Invalid arguments: required signature timestamp is missing'],
    ['with text for a time', wish({ t: 'x' }), '1 Invalid arguments: required signature timestamp is missing'],
    ['with a third kind of flag', wish({ d: 2 }), '1 Invalid arguments: d= must be 0 or 1'],
    ['with a token alone', wish({ T: bytes(36) }), '1 Invalid arguments: S= and T= must be given together'],
    ['with the signature of a token alone', wish({ S: bytes(64) }), '1 Invalid arguments: S= and T= must be given together'],
    ['with a short Session key', wish({ p: undefined, P: bytes(31) }), '2 Provided P= Session Ed25519 pubkey must be 32 bytes'],
    ['with a long account', wish({ p: bytes(34) }), '2 Provided p= pubkey must be 33 bytes'],
    ['with a number for an account', wish({ p: 5 }), '2 Provided p= pubkey must be 33 bytes'],
    ['with a short signature of the token', wish({ S: bytes(63) }), '2 Provided S subaccount signature must be 64 bytes'],
    ['with a short token', wish({ T: bytes(35) }), '2 Provided T subaccount token must be 36 bytes'],
    ['with a Session key that is no key', wish({ p: undefined, P: bytes(32) }), '2 Invalid P= ed25519 public key'],
    ['263: with a namespace twice', wish({ n: [5, 5] }), '3 Invalid n= namespace list: namespaces must be ascending'],
    ['263: with namespaces descending', wish({ n: [5, 3] }), '3 Invalid n= namespace list: namespaces must be ascending'],
    ['without namespaces', wish({ n: [] }), '3 Invalid n= namespace list: at least one namespace must be given'],
    ['with no list of them', wish({ n: 5 }), '3 Invalid n= namespace list: at least one namespace must be given'],
    ['with a namespace that is none', wish({ n: [32_768] }), '3 Invalid n= namespace list: namespaces must be 16-bit integers'],
    ['with text for a namespace', wish({ n: ['0'] }), '3 Invalid n= namespace list: namespaces must be 16-bit integers'],
    ['264: that is too old', wish({ t: NOW_S - 15 * DAY_S }), '4 Invalid t= signature timestamp: timestamp is too old'],
    ['264: from the future', wish({ t: NOW_S + 25 * 3_600 }), '4 Invalid t= signature timestamp: timestamp is in the future'],
    ['with a short signature', wish({ s: bytes(63) }), '5 Provided s= signature must be 64 bytes'],
    ['without a signature', wish({ s: undefined }), '5 Provided s= signature must be 64 bytes'],
    ['265: with a wrong signature', wish({ s: bytes(64) }), '5 Signature verification failed'],
    ['265: that wants something else than was signed', wish({ d: 0 }), '5 Signature verification failed'],
    ['for other namespaces than were signed', wish({ n: [0] }), '5 Signature verification failed'],
    ['with a token that may only write', delegated(3, 0x06), '5 Subaccount verification failed: the token does not grant reading'],
    ['with a token for other accounts', delegated(5, 0x01), '5 Subaccount verification failed: the token is for accounts of another prefix'],
    ['with a token of somebody else', { ...delegated(3, 0x01), S: bytes(64) }, '5 Subaccount verification failed: the token is not signed by the account'],
    ['with a token, signed by the owner', { ...delegated(3, 0x01), s: sign(GROUP, NOW_S, 1, [0]) }, '5 Signature verification failed'],
  ])('%s is refused', (_what, fields, refusal) => {
    expect(refusalOf(fields)).toBe(refusal);
  }); // prettier-ignore

  it('269: of a token that was revoked is refused', () => {
    expect(refusalOf(delegated(3, 0x01), { revoked: true })).toBe(
      '5 Subaccount verification failed: the token is revoked',
    );
    expect(refusalOf(wish(), { revoked: true })).toBeNull(); // there is none
  });

  it('may be fourteen days old and one day ahead, to the second', () => {
    const at = (offsetS: number): string | null => {
      const t = NOW_S + offsetS;
      return refusalOf(wish({ t, s: sign(GROUP, t, 1, [-5, 0, 23]) }));
    };
    expect([at(-14 * DAY_S), at(DAY_S)]).toEqual([null, null]);
    expect([at(-14 * DAY_S - 1), at(DAY_S + 1)].map((text) => text?.slice(0, 1))).toEqual(['4', '4']);
  });

  it('tells the first of several faults, in the order of the keys', () => {
    const all = { P: bytes(1), S: bytes(1), d: 5, n: [], p: bytes(1), s: bytes(1) };
    const order = Object.keys(all).map((_name, index) => {
      const rest = Object.fromEntries(Object.entries(all).slice(index));
      return refusalOf(wish(index < 5 ? { p: undefined, ...rest } : rest))?.slice(0, 12);
    });
    expect(order).toEqual([
      '2 Provided P',
      '2 Provided S',
      '1 Invalid ar',
      '3 Invalid n=',
      '2 Provided p',
      '5 Provided s',
    ]);
  });

  it('is granted or refused, whatever it holds', () => {
    const value = fc.oneof(fc.uint8Array({ maxLength: 70 }), fc.integer(), fc.array(fc.integer(), { maxLength: 3 }));
    const fields = fc.dictionary(fc.constantFrom('P', 'S', 'T', 'd', 'n', 'p', 's', 't'), value);
    fc.assert(fc.property(fields, (some) => expect(refusalOf({ ...wish(), ...some })).not.toBe('')));
  });
});

describe('a call for subscriptions', () => {
  const refusalIn = (part: Uint8Array): string => {
    try {
      parseMonitorCall(part);
      return '';
    } catch (cause) {
      if (!(cause instanceof MonitorRefusal)) throw cause;
      return Buffer.from(encodeMonitorRefusal(cause)).toString();
    }
  };

  it('is a dictionary or a list of them', () => {
    expect(parseMonitorCall(utf8('de'))).toEqual({ isList: false, dicts: [new Map()] });
    expect(parseMonitorCall(utf8('ldedee'))).toEqual({ isList: true, dicts: [new Map(), new Map()] });
  });

  const NO_DICT =
    'd7:errcodei1e5:error81:Invalid arguments: monitor request takes a single bencoded dict or list parametere';
  const UNREADABLE = 'd7:errcodei1e5:error62:Invalid arguments: Failed to parse monitor.messages data valuee';
  it.each([
    ['hello', NO_DICT],
    ['', NO_DICT],
    ['i1e', NO_DICT],
    ['d', UNREADABLE],
    ['d1:bi1e1:ai1ee', UNREADABLE],
    ['ldei1ee', UNREADABLE],
    ['lde', UNREADABLE],
    ['dede', UNREADABLE],
  ])('267: is not %j', (text, reply) => {
    expect(refusalIn(utf8(text))).toBe(reply);
  });

  it('holds no more than a list of 25,000, and no more values than those need', () => {
    expect(refusalIn(utf8(`l${'de'.repeat(25_001)}e`))).toContain('at most 25000 subscriptions in one request');
    expect(refusalIn(utf8(`l${'le'.repeat(400_000)}e`))).toBe(UNREADABLE);
    expect(refusalIn(utf8(`l${'de'.repeat(25_000)}e`))).toBe('');
  });

  it('259: is answered alike', () => {
    const text = (reply: Uint8Array): string => Buffer.from(reply).toString();
    expect(text(encodeMonitorReply(false, [null]))).toBe('d7:successi1ee');
    expect(text(encodeMonitorReply(true, [null, null]))).toBe('ld7:successi1eed7:successi1eee');
    const refused = new MonitorRefusal(6, 'no');
    expect(text(encodeMonitorReply(true, [refused, null]))).toBe('ld7:errcodei6e5:error2:noed7:successi1eee');
    expect(text(encodeMonitorReply(true, []))).toBe('le');
  });
});

describe('a notification', () => {
  it('has its keys in order, and data only when they are wanted', () => {
    const message = { account: AccountId.parse(GROUP).bytes, namespace: -5, hash: 'h', timestampMs: 1, expiryMs: 2 };
    const bytes = encodeNotification({ ...message, data: null });
    expect([...(bdecode(bytes) as ReadonlyMap<string, BValue>).keys()]).toEqual(['@', 'h', 'n', 't', 'z']);
    const withData = encodeNotification({ ...message, data: Uint8Array.of(0, 255) });
    expect([...(bdecode(withData) as ReadonlyMap<string, BValue>).keys()]).toEqual(['@', 'h', 'n', 't', 'z', '~']);
  });

  it('reads back what was written', () => {
    const message = fc.record({
      account: fc.uint8Array({ minLength: 33, maxLength: 33 }),
      namespace: fc.integer({ min: -32_768, max: 32_767 }),
      hash: fc.stringMatching(/^[A-Za-z0-9+/]{43}$/),
      timestampMs: fc.maxSafeInteger(),
      expiryMs: fc.maxSafeInteger(),
      data: fc.option(fc.uint8Array(), { nil: null }),
    });
    fc.assert(fc.property(message, (value) => expect(parseNotification(encodeNotification(value))).toEqual(value)));
  });

  it.each(['', 'le', 'de', 'd1:@1:a1:hi1e1:ni0e1:ti0e1:zi0ee'])('is not %j', (text) => {
    expect(parseNotification(utf8(text))).toBeNull();
  });
});
