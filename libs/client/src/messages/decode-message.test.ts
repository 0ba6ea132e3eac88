import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesToHex, hexToBytes, noblePrimitives } from '#protocol';
import { clientMessageVectors } from '../../../../test/vectors/client-messages.js';
import { Account } from '../account/account.js';
import {
  CallMessage_Type,
  Content_ExpirationType,
  ContentSchema,
  DataExtractionNotification_Type,
  EnvelopeSchema,
  ReceiptMessage_Type,
  SharedConfigMessage_Kind,
  TypingMessage_Action,
} from '../generated/session_pb.js';
import { syncCopyOf, textContent } from './compose.js';
import type { ContentInit } from './compose.js';
import { decodeMessage } from './decode-message.js';
import type { DecodeOptions } from './decode-message.js';
import { DROP_REASONS } from './drop-reason.js';
import { encodeMessage } from './encode-message.js';
import { padContent } from './padding.js';
import { encryptForRecipient } from './session-encryption.js';
import { wrapEnvelope } from './wrapper.js';

const { negative, mnemonics, time_ms: sentMs } = clientMessageVectors;
const accounts = mnemonics.map(({ mnemonic }) => Account.fromMnemonic(mnemonic));
const [alice, bob] = accounts as [Account, Account];
const bytes = (hex: string): Uint8Array => hexToBytes(hex) ?? new Uint8Array();
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** What bob's reader says of a content by alice. */
function outcome(content: ContentInit, options?: DecodeOptions, sender = alice): string {
  const decoded = decodeMessage(
    encodeMessage({ content, sender, recipientId: bob.id, sentMs, random }).bytes,
    bob,
    options,
  );
  return decoded.kind === 'message' ? 'message' : decoded.reason;
}

/** A stored message around any plaintext content and envelope fields, properly signed by alice. */
function storedAround(plaintext: Uint8Array, envelope: object = {}): Uint8Array {
  const message = { sender: alice, recipient: bob.x25519.publicKey, padded: padContent(plaintext) };
  const content = encryptForRecipient(noblePrimitives, random, message) ?? new Uint8Array();
  const fields = { type: 6, timestamp: BigInt(sentMs), content, ...envelope };
  return wrapEnvelope(toBinary(EnvelopeSchema, create(EnvelopeSchema, fields)), 'put');
}
const reasonOf = (stored: Uint8Array): string => {
  const decoded = decodeMessage(stored, bob);
  return decoded.kind === 'message' ? 'message' : decoded.reason;
};

describe('decodeMessage', () => {
  it.each(negative)('judges vector $name as $expect', (vector) => {
    const reader = accounts.find(({ id }) => id === vector.reader) ?? bob;
    for (const stored of [vector.store_data_base64, bytes(vector.websocket)]) {
      const decoded = decodeMessage(stored, reader);
      if (vector.expect !== 'accepted_unpadded') {
        expect(decoded).toEqual({ kind: 'dropped', reason: vector.expect });
        continue;
      }
      expect(decoded).toMatchObject({ kind: 'message', wasPadded: false });
      const content = decoded.kind === 'message' ? toBinary(ContentSchema, decoded.content) : new Uint8Array();
      expect(bytesToHex(content)).toBe(vector.content);
    }
  });

  it('has words for every reason', () => {
    for (const { expect: word } of negative) {
      if (word !== 'accepted_unpadded') expect(Object.keys(DROP_REASONS)).toContain(word);
    }
  });

  it.each(['not base64!', '====', 'aGVsbG8'])('cannot read %j', (text) => {
    expect(decodeMessage(text, bob)).toEqual({ kind: 'dropped', reason: 'parse_fails' });
  });

  it('gives a reason and never an error for hostile bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (stored) => {
        expect(decodeMessage(stored, bob).kind).toBe('dropped');
      }),
    );
  });

  it('gives a reason and never an error for hostile bytes inside a box that opens', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (content) => {
        expect(['message', ...Object.keys(DROP_REASONS)]).toContain(reasonOf(storedAround(content)));
      }),
      { numRuns: 25 },
    );
  });
});

describe('the rules for an opened content', () => {
  const text = textContent('hello', 'Alice');

  it.each<[string, string, ContentInit]>([
    ['a text', 'message', text],
    ['nothing at all', 'empty_content', {}],
    [
      'a config where messages are',
      'ignored',
      { sharedConfigMessage: { kind: SharedConfigMessage_Kind.USER_PROFILE, seqno: 1n, data: bytes('00') } },
    ],
    ['a timer update', 'message', { dataMessage: { flags: 2 } }],
    ['flags with the bit of the timer update', 'message', { dataMessage: { flags: 3 } }],
    ['other flags', 'dropped_unknown_flags', { dataMessage: { flags: 1 } }],
    ['32 attachments', 'message', { dataMessage: { attachments: attachments(32) } }],
    ['33 attachments', 'dropped_too_many_attachments', { dataMessage: { attachments: attachments(33) } }],
    ['a receipt', 'message', { receiptMessage: { type: ReceiptMessage_Type.READ, timestamp: [1n] } }],
    ['an own unsend', 'message', { unsendRequest: { timestamp: 1n, author: alice.id.toUpperCase() } }],
    ['a foreign unsend', 'dropped_author_mismatch', { unsendRequest: { timestamp: 1n, author: bob.id } }],
    ['typing', 'message', { typingMessage: { timestamp: 0n, action: TypingMessage_Action.STARTED } }],
    ['a call', 'message', { callMessage: { type: CallMessage_Type.PRE_OFFER, uuid: 'u' } }],
    ['a response', 'message', { messageRequestResponse: { isApproved: true } }],
    [
      'a screenshot notice',
      'message',
      { dataExtractionNotification: { type: DataExtractionNotification_Type.SCREENSHOT } },
    ],
    ['a copy for own devices', 'dropped_sync_not_from_self', { dataMessage: { syncTarget: bob.id } }],
  ])('%s: %s', (_name, expected, content) => {
    if (expected === 'empty_content') expect(reasonOf(storedAround(new Uint8Array()))).toBe(expected);
    else expect(outcome(content)).toBe(expected);
  });

  it('a copy from an own device belongs to the conversation with the other party', () => {
    const copy = syncCopyOf(text, alice.id);
    const { bytes: stored } = encodeMessage({ content: copy ?? {}, sender: bob, recipientId: bob.id, sentMs, random });
    const decoded = decodeMessage(stored, bob);
    expect(decoded).toMatchObject({ senderId: bob.id, conversationId: alice.id, isVisible: true });
    expect(decoded.kind === 'message' && decoded.content.dataMessage?.profile).toBeUndefined();
    expect(syncCopyOf({ typingMessage: { timestamp: 1n, action: TypingMessage_Action.STARTED } }, alice.id)).toBeNull();
  });

  it('a timer update shows neither text nor attachments', () => {
    const content = { dataMessage: { flags: 2, body: 'x', attachments: attachments(1) } };
    const decoded = decodeMessage(
      encodeMessage({ content, sender: alice, recipientId: bob.id, sentMs, random }).bytes,
      bob,
    );
    expect(decoded).toMatchObject({ content: { dataMessage: { body: '', attachments: [] } }, isVisible: true });
  });

  it('a profile alone is not visible', () => {
    const content = { dataMessage: { profile: { displayName: 'Alice' } } };
    const decoded = decodeMessage(
      encodeMessage({ content, sender: alice, recipientId: bob.id, sentMs, random }).bytes,
      bob,
    );
    expect(decoded).toMatchObject({ kind: 'message', isVisible: false });
  });

  it('a blocked sender is dropped, except with a promotion', () => {
    const isBlocked = (id: string): boolean => id === alice.id;
    expect(outcome(text, { isBlocked })).toBe('dropped_blocked');
    const promoteMessage = { groupIdentitySeed: new Uint8Array(32), name: 'g' };
    expect(outcome({ dataMessage: { groupUpdateMessage: { promoteMessage } } }, { isBlocked })).toBe('message');
  });

  it('a conversation deleted on another device stays deleted', () => {
    const wasDeleted = (id: string, at: number): boolean => id === alice.id && at === sentMs;
    expect(outcome(text, { wasDeleted })).toBe('dropped_deleted');
  });

  it('a message without a signed time is accepted as legacy, another time is not', () => {
    const legacy = toBinary(ContentSchema, create(ContentSchema, { dataMessage: { body: 'x' } }));
    expect(reasonOf(storedAround(legacy))).toBe('message');
    const other = toBinary(ContentSchema, create(ContentSchema, { dataMessage: { body: 'x' }, sigTimestamp: 5n }));
    expect(reasonOf(storedAround(other))).toBe('dropped_timestamp_mismatch');
  });

  it('unknown fields and unknown values are read over, missing required ones are not', () => {
    const unknownField = bytes('0a030a0178' + 'f83f01');
    expect(reasonOf(storedAround(unknownField))).toBe('message');
    const reactionWithUnknownAction = bytes('0a09' + '5a07' + '0801' + '120178' + '2009');
    expect(reasonOf(storedAround(reactionWithUnknownAction))).toBe('message');
    const reactionWithoutAuthor = bytes('0a06' + '5a04' + '0801' + '2000');
    expect(reasonOf(storedAround(reactionWithoutAuthor))).toBe('content_parse_fails');
  });
});

describe('the envelope', () => {
  const content = toBinary(ContentSchema, create(ContentSchema, { dataMessage: { body: 'x' } }));

  it.each<[string, string, object]>([
    ['of a group type', 'message', { type: 7 }],
    ['with a source', 'message', { source: alice.id }],
    ['with an empty source', 'message', { source: '' }],
    ['with a source that is no id', 'parse_fails', { source: 'alice' }],
    ['with a device number', 'message', { sourceDevice: 1 }],
    ['with a signature of paid features', 'message', { proSig: new Uint8Array(64) }],
    ['with half of such a signature', 'parse_fails', { proSig: new Uint8Array(32) }],
    ['of a time no clock reaches', 'parse_fails', { timestamp: 2n ** 53n }],
    ['without content', 'parse_fails', { content: undefined }],
  ])('%s: %s', (_name, expected, fields) => {
    expect(reasonOf(storedAround(content, fields))).toBe(expected);
  });
});

describe('times to live', () => {
  const hello = { dataMessage: { body: 'x' }, expirationType: Content_ExpirationType.DELETE_AFTER_SEND };

  it.each<[string, number, ContentInit]>([
    ['below the minimum of the nodes', 10_000, { ...hello, expirationTimer: 5 }],
    ['above the maximum', 1_209_600_000, { ...hello, expirationTimer: 4e9 }],
    [
      'of a read copy',
      60_000,
      {
        dataMessage: { body: 'x', syncTarget: bob.id },
        expirationType: Content_ExpirationType.DELETE_AFTER_READ,
        expirationTimer: 60,
      },
    ],
  ])('%s are %d ms', (_name, ttlMs, content) => {
    const request = { sender: alice, recipientId: alice.id, sentMs, random };
    expect(encodeMessage({ ...request, content }).ttlMs).toBe(ttlMs);
  });

  it('a call is worth five minutes', () => {
    const content = { callMessage: { type: CallMessage_Type.PRE_OFFER, uuid: 'u' } };
    expect(encodeMessage({ content, sender: alice, recipientId: bob.id, sentMs, random }).ttlMs).toBe(300_000);
  });
});

function attachments(count: number): { deprecatedId: bigint }[] {
  return Array.from({ length: count }, () => ({ deprecatedId: 0n }));
}
