import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hex, loadOnionVectors } from '../../../../test/vectors/onion-vectors.js';
import { bytesToHex, utf8 } from '../hex.js';
import { parseEncType } from './enc-type.js';
import { parseEntry } from './entry-request.js';
import { OnionParseError } from './onion-errors.js';
import { joinPayload } from './payload.js';

const vectors = loadOnionVectors();
const KEY = '40bebd43e464e11592b24c1ca5ee6bc1a902e6a536cb8dbed3da74ea8d64df52';
/** Texts that the reference takes from its JSON library; only our prefix is contract. */
const LIBRARY_TEXT = '[json.exception';

const entry = (control: string) => parseEntry(joinPayload(Uint8Array.of(1), control));

function refusalOf(read: () => unknown): OnionParseError {
  try {
    read();
  } catch (cause) {
    if (cause instanceof OnionParseError) return cause;
    throw cause;
  }
  throw new Error('nothing was refused');
}

describe('the entry', () => {
  it.each(vectors.negative.entry_body.map((v) => [v.name, v] as const))('reads or refuses %s', (_name, v) => {
    if (v.expect !== undefined) {
      const { ciphertext, ephemeralKey, encType, hopNo } = parseEntry(hex(v.body));
      const parsed = {
        ciphertext: bytesToHex(ciphertext),
        ephemeral_key: bytesToHex(ephemeralKey),
        enc_type: encType,
        hop_no: hopNo,
      };
      expect(parsed).toEqual(v.expect);
      return;
    }
    const { reply, message } = refusalOf(() => parseEntry(hex(v.body)));
    expect(reply.status).toBe(400);
    expect(reply.body).toBe(`${v.expect_body_prefix ?? 'no prefix'}${message}`);
    const expected = v.reference_error ?? '';
    expect(message).toBe(expected.startsWith(LIBRARY_TEXT) ? message : expected);
  });

  it.each(vectors.enc_type_names.map((v) => [v.name, v.resolves_to] as const))(
    'reads enc_type %j as %s',
    (name, encType) => {
      expect(parseEncType(name)).toBe(encType);
    },
  );

  it('takes a request without enc_type as AES-GCM', () => {
    expect(parseEncType(undefined)).toBe('aes-gcm');
  });

  it.each([
    ['-9223372036854775808', 0],
    ['0', 0],
    ['7', 7],
    ['16', 16],
    ['17', 16],
    ['18446744073709551615', 16],
  ])('lets the hop counter %s start at %d', (text, hopNo) => {
    expect(entry(`{"ephemeral_key":"${KEY}","hop_no":${text}}`).hopNo).toBe(hopNo);
  });

  it.each([
    ['a fraction for a hop counter', `{"ephemeral_key":"${KEY}","hop_no":1.5}`],
    ['true for a hop counter', `{"ephemeral_key":"${KEY}","hop_no":true}`],
    ['null for a hop counter', `{"ephemeral_key":"${KEY}","hop_no":null}`],
    ['a number for enc_type', `{"ephemeral_key":"${KEY}","enc_type":1}`],
    ['null for enc_type', `{"ephemeral_key":"${KEY}","enc_type":null}`],
    ['an inherited key', '{"__proto__":{"ephemeral_key":"' + KEY + '"}}'],
    ['text after the object', `{"ephemeral_key":"${KEY}"} x`],
    ['16 KiB of control data', `{"ephemeral_key":"${KEY}"}${' '.repeat(16_384)}`],
    ['a key of a thousand digits', `{"ephemeral_key":"${'a'.repeat(1000)}"}`],
    ['deep nesting', `{"ephemeral_key":"${KEY}","x":${'['.repeat(40)}${']'.repeat(40)}}`],
  ])('refuses %s', (_name, control) => {
    expect(() => entry(control)).toThrow(OnionParseError);
  });

  it.each([
    ['upper-case digits', `{"ephemeral_key":"${KEY.toUpperCase()}"}`],
    ['the last of two keys', `{"ephemeral_key":"00","ephemeral_key":"${KEY}"}`],
    ['white space around', `  {"ephemeral_key":"${KEY}"}\r\n`],
    ['unknown members', `{"ephemeral_key":"${KEY}","padding":["x"]}`],
  ])('takes %s', (_name, control) => {
    expect(bytesToHex(entry(control).ephemeralKey)).toBe(KEY);
  });

  it('hands out views of the body, not copies', () => {
    const body = joinPayload(Uint8Array.of(9, 8, 7), `{"ephemeral_key":"${KEY}"}`);
    expect(parseEntry(body).ciphertext.buffer).toBe(body.buffer);
  });

  it('refuses hostile bytes with nothing but its own error', () => {
    const control = fc.oneof(fc.json().map(utf8), fc.uint8Array({ maxLength: 60 }));
    const framed = fc
      .tuple(fc.uint8Array({ maxLength: 8 }), control)
      .map(([blob, json]) => Uint8Array.of(blob.length, 0, 0, 0, ...blob, ...json));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 80 }), framed), (body) => {
        expect(refusalOf(() => parseEntry(body)).message).not.toBe('');
      }),
    );
  });
});
