import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { bytesToHex } from '#protocol';
import { clientMessageVectors } from '../../../../test/vectors/client-messages.js';
import { Account } from './account.js';

const { mnemonics } = clientMessageVectors;

describe('Account', () => {
  it.each(mnemonics)('of vector $name has the keys and the id of Session', (vector) => {
    const account = Account.fromMnemonic(vector.mnemonic);
    expect(bytesToHex(account.ed25519.seed)).toBe(vector.seed32);
    expect(bytesToHex(account.ed25519.publicKey)).toBe(vector.ed25519_public);
    expect(bytesToHex(account.x25519.publicKey)).toBe(vector.x25519_public);
    expect(bytesToHex(account.x25519.secretKey)).toBe(vector.x25519_secret);
    expect(account.id).toBe(vector.account_id);
    expect(account.mnemonic()).toBe(vector.mnemonic);
  });

  it('is generated from 16 random bytes and restored from its phrase', () => {
    const sizes: number[] = [];
    const account = Account.generate((length) => {
      sizes.push(length);
      return new Uint8Array(length).fill(7);
    });
    expect(sizes).toEqual([16]);
    expect(Account.fromMnemonic(account.mnemonic()).id).toBe(account.id);
  });

  it('shows neither keys nor identity when it is printed', () => {
    const account = Account.generate((length) => new Uint8Array(length).fill(9));
    expect([String(account), JSON.stringify({ account }), inspect({ account })]).toEqual([
      'account',
      '{"account":"account"}',
      '{ account: account }',
    ]);
  });
});
