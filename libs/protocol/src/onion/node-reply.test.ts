import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { utf8 } from '../hex.js';
import { encodeNodeAnswer, encodeNodeReply, parseNodeReply } from './node-reply.js';
import { UnreadableReply } from './onion-errors.js';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('the plaintext of a reply', () => {
  it('carries our own words as a string', () => {
    expect(text(encodeNodeReply({ status: 400, body: 'Invalid json' }))).toBe('{"body":"Invalid json","status":400}');
    expect(text(encodeNodeReply({ status: 421, body: { swarm: 'a', snodes: [] } }))).toBe(
      '{"body":"{\\"snodes\\":[],\\"swarm\\":\\"a\\"}","status":421}',
    );
  });

  it('carries JSON as a string, or as JSON when the client asked for it', () => {
    const answer = { status: 200, kind: 'json', body: utf8('{"a":"\u{e9}\\n"}') } as const;
    expect(text(encodeNodeAnswer(answer, false))).toBe('{"body":"{\\"a\\":\\"\u{e9}\\\\n\\"}","status":200}');
    expect(text(encodeNodeAnswer(answer, true))).toBe('{"body":{"a":"\u{e9}\\n"},"status":200}');
  });

  it('carries text as a string even to a client that asked for JSON, and bytes as base64', () => {
    expect(text(encodeNodeAnswer({ status: 401, kind: 'text', body: utf8('no "entry"\n') }, true))).toBe(
      '{"body":"no \\"entry\\"\\n","status":401}',
    );
    expect(text(encodeNodeAnswer({ status: 200, kind: 'binary', body: Uint8Array.of(255, 0) }, true))).toBe(
      '{"body":"/wA=","status":200}',
    );
  });

  it('is read back whole, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 100, max: 599 }), (body, status) => {
        const answer = encodeNodeAnswer({ status, kind: 'text', body: utf8(body) }, false);
        expect(parseNodeReply(answer)).toEqual({ status, body });
        expect(parseNodeReply(encodeNodeReply({ status, body }))).toEqual({ status, body });
      }),
    );
  });

  it('is also read with the old name of the status', () => {
    expect(parseNodeReply(utf8('{"status_code":406,"body":"x"}'))).toEqual({ status: 406, body: 'x' });
  });

  it.each([
    '',
    '[]',
    '"x"',
    '{"status":200}',
    '{"body":""}',
    '{"body":"","status":"200"}',
    '{"body":"","status":2.5}',
    '\u{fffd}',
  ])('is refused when it is %j', (reply) => {
    expect(() => parseNodeReply(utf8(reply))).toThrow(UnreadableReply);
  });
});
