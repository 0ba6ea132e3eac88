import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bencode, bytesToHex, concatBytes, hexToBytes, noblePrimitives as p, NodeKey, utf8 } from '#protocol';
import type { BValue } from '#protocol';
import { clientMessageVectors } from '../../../../test/vectors/client-messages.js';
import { Account } from '../account/account.js';
import { encodeMessage } from '../messages/encode-message.js';
import { decryptConfig, encryptConfig, padConfig, stripConfigPadding } from './config-cipher.js';
import { joinParts, openConfig } from './config-content.js';
import { CONFIG_KINDS } from './config-kind.js';
import type { ConfigKind } from './config-kind.js';
import { mergeConfigs } from './config-merge.js';
import { emptyConfig, nextConfig, parseConfig, serializeConfig, signerOf } from './config-message.js';
import type { ConfigMessage } from './config-message.js';
import { unwrapConfig, wrapConfig } from './config-wrapper.js';

const { config, config_merge, mnemonics, time_ms } = clientMessageVectors;
const [alice, bob] = mnemonics.map(({ mnemonic }) => Account.fromMnemonic(mnemonic)) as [Account, Account];
const bytes = (hex: string): Uint8Array => hexToBytes(hex) ?? new Uint8Array();
const hex = (value: Uint8Array | null): string => (value ? bytesToHex(value) : 'null');
const kindOf = (domain: string): ConfigKind => {
  const kind = Object.values(CONFIG_KINDS).find((each) => each.domain === domain);
  if (!kind) throw new Error('no such kind');
  return kind;
};
const parsed = (serialized: Uint8Array): ConfigMessage => {
  const message = parseConfig(p, serialized);
  if (!message) throw new Error('cannot be read');
  return message;
};

describe.each(config)('config vector $name', (vector) => {
  const kind = kindOf(vector.domain);
  const serialized = bytes(vector.serialized_text_or_hex);

  it('has the namespace and the kind of its domain', () => {
    expect([kind.namespace, kind.kind]).toEqual([vector.namespace, vector.kind]);
  });

  it('is read and written to the same bytes and the same hash', () => {
    const message = parsed(serialized);
    expect(message.seqno).toBe(vector.seqno);
    expect(hex(message.hash)).toBe(vector.serialized_hash);
    expect(hex(serializeConfig(p, message).serialized)).toBe(hex(serialized));
  });

  it('is padded, encrypted and wrapped to the same bytes, and opened again', () => {
    const padded = padConfig(serialized);
    expect(hex(padded)).toBe(vector.padded);
    expect(hex(stripConfigPadding(padded))).toBe(hex(serialized));
    const encrypted = encryptConfig(p, padded, alice.ed25519.seed, kind);
    expect(hex(encrypted)).toBe(vector.encrypted);
    const wrapped = wrapConfig(p, alice, { kind, seqno: vector.seqno, encrypted });
    expect(hex(wrapped)).toBe(vector.wrapped);
    expect(hex(unwrapConfig(p, alice, kind, wrapped))).toBe(vector.encrypted);
    expect(openConfig(p, encrypted, alice.ed25519.seed, kind)).toEqual({ kind: 'whole', serialized });
  });

  it.each([vector.libsession_wrapped ?? vector.wrapped])('is read as libsession pushes it', (wrapped) => {
    const encrypted = unwrapConfig(p, alice, kind, bytes(wrapped)) ?? new Uint8Array();
    const content = openConfig(p, encrypted, alice.ed25519.seed, kind);
    const message = parsed(content?.kind === 'whole' ? content.serialized : new Uint8Array());
    expect(message.seqno).toBe(vector.seqno);
    expect([...message.data.keys()]).toEqual([...parsed(serialized).data.keys()]);
  });
});

describe.each(config_merge)('merge vector $name', (vector) => {
  const inputs = vector.inputs.map(({ serialized }) => parsed(bytes(serialized)));

  it('gives the bytes of libsession, whatever the order of the messages', () => {
    for (const messages of [inputs, inputs.toReversed(), [...inputs, ...inputs]]) {
      const merged = mergeConfigs(p, messages);
      expect(hex(merged?.state.serialized ?? null)).toBe(vector.result.serialized);
      expect(merged?.needsPush).toBe(vector.result.needs_push);
      expect(merged?.state.seqno).toBe(vector.result.seqno);
      expect(merged?.state.data.get('n')).toEqual(utf8(vector.result.name));
    }
  });

  it('is what libsession pushes', () => {
    const kind = kindOf(vector.domain);
    const encrypted = unwrapConfig(p, alice, kind, bytes(vector.libsession_push_wrapped)) ?? new Uint8Array();
    const content = openConfig(p, encrypted, alice.ed25519.seed, kind);
    expect(content?.kind === 'whole' && hex(content.serialized)).toBe(vector.result.serialized);
  });

  it('has inputs with the hashes that are stated', () => {
    expect(inputs.map(({ hash }) => hex(hash))).toEqual(vector.inputs.map(({ hash }) => hash));
  });
});

describe('a config step', () => {
  const name = (text: string): Map<string, BValue> => new Map([['n', utf8(text)]]);

  it('remembers five steps back', () => {
    let message = emptyConfig(p);
    for (let step = 1; step <= 8; step++) message = nextConfig(p, message, name(`${step}`));
    expect(message.steps.map(({ seqno }) => seqno)).toEqual([4, 5, 6, 7]);
    expect(parsed(message.serialized).steps).toEqual(message.steps);
  });

  it('marks what is new, changed and gone, in dictionaries and sets', () => {
    const before = new Map<string, BValue>([
      ['gone', 1],
      ['same', 2],
      ['sub', new Map<string, BValue>([['x', 1]])],
      ['set', [1, 2]],
      ['turns', 5],
    ]);
    const after = new Map<string, BValue>([
      ['same', 2],
      ['set', [2, utf8('a')]],
      ['turns', new Map<string, BValue>([['y', 1]])],
      ['empty', new Map()],
    ]);
    const first = nextConfig(p, emptyConfig(p), before);
    const { diff, data } = nextConfig(p, first, after);
    expect(data.has('empty')).toBe(false);
    expect(diff).toEqual(
      new Map<string, BValue>([
        ['gone', utf8('-')],
        ['set', [[utf8('a')], [1]]],
        ['sub', new Map([['x', utf8('-')]])],
        ['turns', new Map([['y', new Uint8Array()]])],
      ]),
    );
  });

  it('merges changes of two devices to different values', () => {
    const base = nextConfig(
      p,
      emptyConfig(p),
      new Map<string, BValue>([
        ['n', utf8('old')],
        ['s', [1]],
      ]),
    );
    const one = nextConfig(
      p,
      base,
      new Map<string, BValue>([
        ['n', utf8('new')],
        ['s', [1, 3]],
      ]),
    );
    const two = nextConfig(
      p,
      base,
      new Map<string, BValue>([
        ['n', utf8('old')],
        ['p', 7],
        ['s', [2]],
      ]),
    );
    const merged = mergeConfigs(p, [one, two, base]);
    expect(merged?.state.data).toEqual(
      new Map<string, BValue>([
        ['n', utf8('new')],
        ['p', 7],
        ['s', [2, 3]],
      ]),
    );
    expect(mergeConfigs(p, [])).toBeNull();
  });

  it('keeps members that it does not know', () => {
    const future = concatBytes(utf8('d1:#i1e1:$3:new1:&de1:<le1:=dee'));
    const message = nextConfig(p, parsed(future), name('x'));
    expect(parsed(message.serialized).unknown).toEqual(new Map([['$', utf8('new')]]));
  });

  it('of a group is signed, and a member takes the newest instead of merging', () => {
    const admin = NodeKey.fromSeed(new Uint8Array(32).fill(3), p).ed25519;
    const sign = signerOf(p, admin);
    const [one, two] = ['a', 'b'].map((text) => nextConfig(p, emptyConfig(p), name(text), sign)) as [
      ConfigMessage,
      ConfigMessage,
    ];
    expect(parseConfig(p, one.serialized, admin.publicKey)?.seqno).toBe(1);
    expect(parseConfig(p, one.serialized, alice.ed25519.publicKey)).toBeNull();
    expect(parseConfig(p, nextConfig(p, emptyConfig(p), name('a')).serialized, admin.publicKey)).toBeNull();
    expect(mergeConfigs(p, [one, two], { signer: null })?.needsPush).toBe(false);
    const merged = mergeConfigs(p, [one, two], { signer: sign });
    expect(parseConfig(p, merged?.state.serialized ?? new Uint8Array(), admin.publicKey)?.seqno).toBe(2);
  });

  it.each([
    ['no dictionary', 'le'],
    ['no bencode', 'd1:#'],
    ['another first key', 'd1:!i1e1:#i1e1:&de1:<le1:=dee'],
    ['a negative number', 'd1:#i-1e1:&de1:<le1:=dee'],
    ['no data', 'd1:#i1e1:<le1:=dee'],
    ['a step of the future', `d1:#i1e1:&de1:<lli1e32:${'h'.repeat(32)}deee1:=dee`],
    ['a step with a short hash', `d1:#i1e1:&de1:<lli0e31:${'h'.repeat(31)}deee1:=dee`],
    ['the same step twice', `d1:#i1e1:&de1:<l${`li0e32:${'h'.repeat(32)}dee`.repeat(2)}e1:=dee`],
  ])('is not read from %s', (_name, text) => {
    expect(parseConfig(p, utf8(text))).toBeNull();
  });

  it('is read or refused, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (input) => parseConfig(p, input) === null));
  });
});

describe('a stored config', () => {
  const kind = CONFIG_KINDS.userProfile;
  const encrypted = bytes(config[0]?.encrypted ?? '');
  const wrapped = bytes(config[0]?.wrapped ?? '');

  it('may be raw, and may be wrapped twice', () => {
    expect(hex(unwrapConfig(p, alice, kind, encrypted))).toBe(hex(encrypted));
    const twice = wrapConfig(p, alice, { kind, seqno: 0, encrypted: wrapped });
    expect(hex(unwrapConfig(p, alice, kind, twice))).toBe(hex(encrypted));
  });

  it('of another kind is none of this kind', () => {
    expect(unwrapConfig(p, alice, CONFIG_KINDS.contacts, wrapped)).toBeNull();
    expect(decryptConfig(p, encrypted, alice.ed25519.seed, CONFIG_KINDS.contacts)).toBeNull();
  });

  it('by somebody else is ignored', () => {
    const random = (length: number): Uint8Array => new Uint8Array(length).fill(5);
    const content = { sharedConfigMessage: { kind: kind.kind, seqno: 1n, data: encrypted } };
    const request = { content, sender: bob, recipientId: alice.id, sentMs: time_ms, random };
    expect(unwrapConfig(p, alice, kind, encodeMessage(request).bytes)).toBeNull();
  });

  it('of a group is never wrapped', () => {
    const group = { kind: CONFIG_KINDS.groupInfo, seqno: 1, encrypted };
    expect(wrapConfig(p, alice, group)).toBe(encrypted);
    expect(unwrapConfig(p, alice, CONFIG_KINDS.groupInfo, wrapped)).toBe(wrapped);
  });

  it.each([10, 5_079, 5_080, 20_439, 20_440, 40_919, 40_920, 60_000])(
    'of %d bytes has one of few lengths',
    (length) => {
      const total = padConfig(new Uint8Array(length).fill(1)).length + 40;
      const step = length + 40 < 5_120 ? 256 : length + 40 < 20_480 ? 1_024 : length + 40 < 40_960 ? 2_048 : 5_120;
      expect([total % step, total >= length + 40, total < length + 40 + step]).toEqual([0, true, true]);
    },
  );

  it('in parts is joined in any order, and only when all are there and unchanged', () => {
    const whole = padConfig(bytes(config[1]?.serialized_text_or_hex ?? ''));
    const hash = p.blake2b([whole], 32);
    const stored = [whole.subarray(0, 100), whole.subarray(100)].map((chunk, index) => {
      const part = concatBytes(utf8('m'), bencode([hash, Uint8Array.of(index), Uint8Array.of(2), chunk]));
      return encryptConfig(p, padConfig(part), alice.ed25519.seed, kind);
    });
    const parts = stored.map((each) => {
      const content = openConfig(p, each, alice.ed25519.seed, kind);
      if (content?.kind !== 'part') throw new Error('not a part');
      return content.part;
    });
    expect(hex(joinParts(p, parts.toReversed()))).toBe(config[1]?.serialized_text_or_hex);
    expect(joinParts(p, parts.slice(1))).toBeNull();
    expect(joinParts(p, [])).toBeNull();
    expect(
      joinParts(
        p,
        parts.map((part) => ({ ...part, chunk: utf8('x') })),
      ),
    ).toBeNull();
  });

  it('of hostile bytes is none', () => {
    const seal = (content: Uint8Array) => encryptConfig(p, padConfig(content), alice.ed25519.seed, kind);
    for (const text of ['', 'x', 'z', 'zzzzzz', 'm', 'mle', 'm4:abcd', 'ml1:a1:b1:ce']) {
      expect(openConfig(p, seal(utf8(text)), alice.ed25519.seed, kind)).toBeNull();
    }
    expect(openConfig(p, new Uint8Array(30), alice.ed25519.seed, kind)).toBeNull();
  });
});
