import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bdecode, bencode, JsonFloat, parseJson, type BValue, type JsonValue } from '#protocol';
import { PageBody } from '../retrieve/page-body.js';
import { encodeReply, PartBody } from './encode-reply.js';
import { bencodeBody } from './reply-body.js';
import { jsonReply, type RpcReply } from './rpc-handler.js';

/** Bytes in bencode that are base64 in JSON, when they stand under these names. */
const BINARY = new Set(['signature', 'data']);

const text = (value: Uint8Array): string => Buffer.from(value).toString();

/** What the bencoded answer says, written as the JSON one would say it. */
function asJson(value: BValue, bytesUnder: ReadonlySet<string>, name = ''): unknown {
  if (value instanceof Uint8Array) return bytesUnder.has(name) ? Buffer.from(value).toString('base64') : text(value);
  if (Array.isArray(value)) return value.map((item) => asJson(item, bytesUnder));
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...value].map(([key, item]) => [key, asJson(item, bytesUnder, key)]));
}

/** JSON with its booleans as bencode has them. */
function withoutBooleans(value: JsonValue | undefined): unknown {
  if (typeof value === 'boolean') return Number(value);
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(withoutBooleans);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutBooleans(item as JsonValue)]));
}

function expectAlike(reply: RpcReply): void {
  const json = parseJson(encodeReply(reply, 'json').body);
  const bt = bdecode(encodeReply(reply, 'bt').body);
  expect(asJson(bt, BINARY)).toEqual(withoutBooleans(json));
}

const bytes = fc.uint8Array({ maxLength: 100 }).map((value) => Buffer.from(value));
const leaf = fc.oneof(fc.maxSafeInteger(), fc.boolean(), fc.string({ maxLength: 20 }));
const name = fc.stringMatching(/^[a-z0-9_-]{1,8}$/).filter((key) => !BINARY.has(key));
const entry = fc
  .tuple(fc.dictionary(name, fc.oneof(leaf, fc.array(leaf), fc.dictionary(name, leaf))), bytes)
  .map(([fields, signature]) => ({ ...fields, signature: signature.toString('base64') }));

describe('an answer', () => {
  it('says the same in both encodings, signatures as bytes in the second', () => {
    fc.assert(fc.property(fc.dictionary(name, entry), fc.nat(), (swarm, t) => expectAlike(jsonReply({ swarm, t }))));
  });

  it('with a page of messages says the same in both, data as bytes in the second', () => {
    const message = fc.record({
      data: bytes,
      expiryMs: fc.maxSafeInteger(),
      hash: name,
      timestampMs: fc.maxSafeInteger(),
    });
    fc.assert(
      fc.property(fc.array(message), fc.boolean(), (messages, more) => {
        const body = new PageBody({ messages, more }, [19, 4], 5);
        expectAlike({ status: 200, body });
        const inside = bdecode(bencode(body.bt('base64')));
        expect(asJson(inside, new Set())).toEqual(withoutBooleans(parseJson(body.json())));
      }),
    );
  });

  it.each(['json', 'bt'] as const)('of text or bytes is the same whatever the request was in: %s', (encoding) => {
    expect(encodeReply({ status: 401, body: 'nein ö' }, encoding)).toEqual({
      status: 401,
      kind: 'text',
      body: Buffer.from('nein ö'),
    });
    const raw = Uint8Array.from([0, 1, 255]);
    expect(encodeReply({ status: 200, body: raw }, encoding)).toEqual({ status: 200, kind: 'binary', body: raw });
  });

  it('as a part of another has its code beside it, and bytes as base64', () => {
    const part = new PartBody({ status: 200, body: Uint8Array.from([1, 2, 3]) });
    expect(part.json()).toBe('{"body":"AQID","code":200}');
    expect(text(bencode(part.bt()))).toBe('d4:body4:AQID4:codei200ee');
  });
});

describe('a body for another member', () => {
  it('holds the same values, without those that are left out', () => {
    const body = { hf: [19, 4], snodes: [{ ip: '1.2.3.4', port: '1' }], swarm: 'ff', nothing: undefined };
    expect(bdecode(bencodeBody(body))).toEqual(
      bdecode(bencode({ hf: [19, 4], snodes: [{ ip: '1.2.3.4', port: '1' }], swarm: 'ff' })),
    );
  });

  it.each([null, new JsonFloat(0.5)])('refuses what bencode has no form for', (value) => {
    expect(() => bencodeBody({ value })).toThrow(RangeError);
  });
});
