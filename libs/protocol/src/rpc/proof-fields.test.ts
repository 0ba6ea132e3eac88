import { describe, expect, it } from '@jest/globals';
import { AccountId } from '../account-id.js';
import { encodeBase64, encodeBase64Unpadded } from '../base64.js';
import { InvalidRequest } from '../errors.js';
import { bytesToHex } from '../hex.js';
import type { RequestProof } from '../request-proof.js';
import { BtParams, JsonParams, readFields } from './params.js';
import { PROOF_FIELDS, readProof } from './proof-fields.js';

const user = AccountId.parse(`05${'ab'.repeat(32)}`);
const group = AccountId.parse(`03${'ab'.repeat(32)}`);
const signature = new Uint8Array(64).fill(0xfb);
const key = new Uint8Array(32).fill(0xcd);
const token = new Uint8Array(36).fill(0x03);

const json = (changes: Record<string, string | null>, account = user): RequestProof =>
  readProof(account, readFields(new JsonParams({ signature: encodeBase64(signature), ...changes }), PROOF_FIELDS));
const bt = (changes: Record<string, Uint8Array>): RequestProof =>
  readProof(user, readFields(new BtParams(new Map(Object.entries({ signature, ...changes }))), PROOF_FIELDS));

describe('readProof', () => {
  it.each<[string, Record<string, string | null>, Partial<RequestProof>]>([
    ['a padded signature', {}, { signature, ed25519: null, subaccount: null }],
    ['an unpadded signature', { signature: encodeBase64Unpadded(signature) }, { signature }],
    ['a key in digits', { pubkey_ed25519: bytesToHex(key) }, { ed25519: key }],
    ['a key in upper-case digits', { pubkey_ed25519: bytesToHex(key).toUpperCase() }, { ed25519: key }],
    ['a key as a string of 32 bytes', { pubkey_ed25519: 'a'.repeat(32) }, { ed25519: new Uint8Array(32).fill(0x61) }],
    ['an empty token as none', { subaccount: '', subaccount_sig: '???' }, { subaccount: null }],
    ['the signature of no token as nothing', { subaccount_sig: '???' }, { subaccount: null }],
    [
      'a token in base64',
      { subaccount: encodeBase64(token), subaccount_sig: encodeBase64(signature) },
      { subaccount: { token, signature } },
    ],
    [
      'a token in digits',
      { subaccount: bytesToHex(token), subaccount_sig: encodeBase64(signature) },
      { subaccount: { token, signature } },
    ],
  ])('reads %s', (_name, fields, proof) => {
    expect(json(fields)).toMatchObject(proof);
  });

  it('reads raw bytes from bencode', () => {
    const fields = { pubkey_ed25519: key, subaccount: token, subaccount_sig: signature };
    expect(bt(fields)).toEqual({ signature, ed25519: key, subaccount: { token, signature } });
    expect(bt({ pubkey_ed25519: new TextEncoder().encode(bytesToHex(key)) }).ed25519).toEqual(key);
  });

  it.each<[string, Record<string, string | null>, string]>([
    ['no signature', { signature: null, pubkey_ed25519: 'short' }, "Required field 'signature' missing"],
    ['an empty signature', { signature: '' }, 'invalid signature: expected base64 encoded Ed25519 signature'],
    [
      'a signature in digits',
      { signature: bytesToHex(signature) },
      'invalid signature: expected base64 encoded Ed25519 signature',
    ],
    [
      'a signature in URL base64',
      { signature: encodeBase64(signature).replaceAll('+', '-') },
      'invalid signature: expected base64 encoded Ed25519 signature',
    ],
    [
      'a key one digit short',
      { pubkey_ed25519: 'a'.repeat(63) },
      'Invalid pubkey_ed25519: expected 64 hex char or 32 byte pubkey',
    ],
    ['an empty key', { pubkey_ed25519: '' }, 'Invalid pubkey_ed25519: expected 64 hex char or 32 byte pubkey'],
    [
      'a key that is not hex, before a bad signature',
      { pubkey_ed25519: 'z'.repeat(64), signature: '' },
      'invalid pubkey_ed25519: value is not hex',
    ],
    [
      'a token without signature',
      { subaccount: encodeBase64(token) },
      'invalid subaccount: subaccount_sig is required when using subaccount',
    ],
    [
      'a token one character short',
      { subaccount: encodeBase64(token).slice(1), subaccount_sig: encodeBase64(signature) },
      'invalid subaccount: expected base64 or hex-encoded subaccount token',
    ],
    [
      '72 characters that are not hex',
      { subaccount: 'z'.repeat(72), subaccount_sig: encodeBase64(signature) },
      'invalid subaccount: expected base64 or hex-encoded subaccount token',
    ],
    [
      'a bad signature of a token',
      { subaccount: encodeBase64(token), subaccount_sig: 'x' },
      'invalid subaccount signature: expected base64 encoded Ed25519 signature',
    ],
  ])('refuses %s', (_name, fields, text) => {
    expect(() => json(fields)).toThrow(InvalidRequest);
    expect(() => json(fields)).toThrow(`invalid request: ${text}`);
  });

  it.each<[string, Record<string, Uint8Array>, string]>([
    [
      'a signature of 63 bytes',
      { signature: signature.subarray(1) },
      'invalid signature: expected 64-byte Ed25519 signature',
    ],
    [
      'a token of 35 bytes',
      { subaccount: token.subarray(1), subaccount_sig: signature },
      'invalid subaccount token: invalid token length',
    ],
    [
      'a short signature of a token',
      { subaccount: token, subaccount_sig: token },
      'invalid signature: expected 64-byte Ed25519 signature',
    ],
  ])('refuses %s in bencode', (_name, fields, text) => {
    expect(() => bt(fields)).toThrow(`invalid request: ${text}`);
  });

  it('takes an Ed25519 key for Session ids only, whatever its form', () => {
    expect(() => json({ pubkey_ed25519: '' }, group)).toThrow('pubkey_ed25519 is only permitted for 05[...] pubkeys');
  });
});
