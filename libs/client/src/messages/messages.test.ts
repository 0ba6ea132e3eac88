import type { DescMessage, JsonValue } from '@bufbuild/protobuf';
import { ScalarType, fromJson, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesToHex, concatBytes, encodeBase64, hexToBytes, noblePrimitives } from '#protocol';
import { clientMessageVectors } from '../../../../test/vectors/client-messages.js';
import type { MessageVector } from '../../../../test/vectors/client-messages.js';
import { Account } from '../account/account.js';
import { ContentSchema } from '../generated/session_pb.js';
import type { Content } from '../generated/session_pb.js';
import { textContent } from './compose.js';
import { decodeMessage } from './decode-message.js';
import { encodeMessage, InvalidRecipient, MessageTooLong } from './encode-message.js';
import { openSealedBox, sealBox } from './sealed-box.js';
import { decryptForReader, encryptDeterministically } from './session-encryption.js';
import { ttlOf } from './ttl.js';
import { encodeEnvelope, wrapEnvelope } from './wrapper.js';

const { messages, mnemonics, time_ms } = clientMessageVectors;
const accounts = mnemonics.map(({ mnemonic }) => Account.fromMnemonic(mnemonic));
const bytes = (hex: string): Uint8Array => hexToBytes(hex) ?? new Uint8Array();
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

function accountOf(id: string): Account {
  const account = accounts.find((candidate) => candidate.id === id);
  if (!account) throw new Error('the vectors have no such account');
  return account;
}
const [alice, bob] = [accounts[0], accounts[1]].map((account) => accountOf(account?.id ?? '')) as [Account, Account];

/** The vectors write bytes as hex, the JSON form of protobuf wants base64. */
function protoJson(schema: DescMessage, value: unknown): JsonValue {
  const members = Object.entries(value as Record<string, unknown>).map(([name, member]) => {
    const field = schema.fields.find((each) => each.name === name || each.localName === name);
    const message = field?.fieldKind === 'message' || field?.fieldKind === 'list' ? field.message : undefined;
    if (message && Array.isArray(member)) return [name, member.map((item) => protoJson(message, item))];
    if (message) return [name, protoJson(message, member)];
    const isBytes = field?.fieldKind === 'scalar' && field.scalar === ScalarType.BYTES;
    return [name, isBytes ? encodeBase64(bytes(member as string)) : member];
  });
  return Object.fromEntries(members) as JsonValue;
}
const contentOf = (vector: MessageVector): Content =>
  fromJson(ContentSchema, protoJson(ContentSchema, vector.content_json));

describe.each(messages)('message vector $name', (vector) => {
  const { libsession } = vector;
  const sender = accountOf(vector.from);
  const recipient = accountOf(vector.to);
  const sealedFor = (padded: string) => ({ sender, recipient: recipient.x25519.publicKey, padded: bytes(padded) });

  it('has the bytes of its content, and its time to live', () => {
    const content = contentOf(vector);
    expect(bytesToHex(toBinary(ContentSchema, content))).toBe(vector.content);
    expect(ttlOf(content)).toBe(vector.ttl_ms);
  });

  it('has the signature, the sealed box, the envelope and both wrappers of libsession', () => {
    const sealed = encryptDeterministically(noblePrimitives, sealedFor(vector.padded_libsession)) ?? new Uint8Array();
    expect(bytesToHex(sealed)).toBe(libsession.sealed_box);
    const envelope = encodeEnvelope(vector.sent_timestamp_ms, sealed);
    expect(bytesToHex(envelope)).toBe(libsession.envelope);
    expect(bytesToHex(wrapEnvelope(envelope, 'put'))).toBe(libsession.websocket_put);
    expect(bytesToHex(wrapEnvelope(envelope, 'empty'))).toBe(libsession.websocket_empty);
    expect(bytesToHex(openSealedBox(noblePrimitives, sealed, recipient.x25519) ?? new Uint8Array())).toBe(
      libsession.sealed_plaintext,
    );
  });

  it('has the signature and the sealed box of older clients', () => {
    const sealed = encryptDeterministically(noblePrimitives, sealedFor(vector.padded_legacy));
    expect(bytesToHex(sealed ?? new Uint8Array())).toBe(vector.legacy.sealed_box);
    expect(decryptForReader(noblePrimitives, bytes(vector.legacy.sealed_box), recipient)).toMatchObject({
      senderId: vector.from,
    });
  });

  it.each([
    ['base64', libsession.store_data_base64],
    ['bytes with an empty verb', bytes(libsession.websocket_empty)],
    [
      'bytes with the older padding',
      wrapEnvelope(encodeEnvelope(vector.sent_timestamp_ms, bytes(vector.legacy.sealed_box)), 'put'),
    ],
  ])('opens as %s', (_form, stored) => {
    const decoded = decodeMessage(stored, recipient);
    expect(decoded).toMatchObject({
      kind: 'message',
      senderId: vector.from,
      sentMs: vector.sent_timestamp_ms,
      wasPadded: true,
    });
  });

  it('written by us opens to the same content', () => {
    const encoded = encodeMessage({
      content: contentOf(vector),
      sender,
      recipientId: vector.to,
      sentMs: vector.sent_timestamp_ms,
      random,
    });
    expect(encoded.ttlMs).toBe(vector.ttl_ms);
    expect(encoded.base64).toHaveLength(libsession.store_data_base64.length);
    const decoded = decodeMessage(encoded.base64, recipient);
    const content = decoded.kind === 'message' ? bytesToHex(toBinary(ContentSchema, decoded.content)) : decoded.reason;
    expect(content).toBe(vector.content);
  });
});

describe('encodeMessage', () => {
  const request = { content: textContent('hi', 'Alice'), sender: alice, recipientId: bob.id, sentMs: time_ms, random };

  it('uses a fresh key each time', () => {
    expect(encodeMessage(request).base64).not.toBe(encodeMessage(request).base64);
  });

  it('takes the Account ID in upper case', () => {
    const { base64 } = encodeMessage({ ...request, recipientId: bob.id.toUpperCase() });
    expect(decodeMessage(base64, bob).kind).toBe('message');
  });

  it.each([
    ['a group', `03${bob.id.slice(2)}`],
    ['a short id', bob.id.slice(0, -2)],
    ['text', 'bob'],
    ['a key of low order', `05${'0'.repeat(64)}`],
  ])('refuses %s as the recipient', (_name, recipientId) => {
    expect(() => encodeMessage({ ...request, recipientId })).toThrow(InvalidRecipient);
  });

  it('refuses what a node would not store', () => {
    const content = textContent('x'.repeat(77_000));
    expect(() => encodeMessage({ ...request, content })).toThrow(MessageTooLong);
  });

  it('is undone by decodeMessage, whatever the text and the time', () => {
    const times = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'binary' }), times, (text, sentMs) => {
        const { base64 } = encodeMessage({ ...request, content: textContent(text), sentMs });
        const decoded = decodeMessage(base64, bob);
        expect(decoded).toMatchObject({ kind: 'message', senderId: alice.id, sentMs, isVisible: true });
        expect(decoded.kind === 'message' && decoded.content.dataMessage?.body).toBe(text);
      }),
      { numRuns: 25 },
    );
  });
});

describe('sealed box', () => {
  it('does not exist for a key of low order', () => {
    expect(sealBox(noblePrimitives, bytes('00'), new Uint8Array(32), alice.x25519)).toBeNull();
    expect(openSealedBox(noblePrimitives, concatBytes(new Uint8Array(32), random(64)), alice.x25519)).toBeNull();
  });
});
