import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AccountId } from './account-id.js';
import { BadRequest } from './errors.js';
import { bytesToHex, hexToBytes, utf8 } from './hex.js';

const account33 = fc.uint8Array({ minLength: 33, maxLength: 33 });

describe('AccountId', () => {
  it('reads digits in either case, the same digits as bytes, and the bytes themselves', () => {
    fc.assert(
      fc.property(account33, (bytes) => {
        const hex = bytesToHex(bytes);
        for (const input of [hex, hex.toUpperCase(), utf8(hex), bytes]) {
          const account = AccountId.parse(input);
          expect(account.hex).toBe(hex);
          expect(account.bytes).toEqual(bytes);
          expect(account.prefix).toBe(bytes[0]);
          expect(account.key).toEqual(bytes.subarray(1));
        }
      }),
    );
  });

  it('takes a string of 33 bytes as the account itself', () => {
    expect(AccountId.parse(`\u0005${'a'.repeat(32)}`).hex).toBe(`05${'61'.repeat(32)}`);
    expect(AccountId.parse(`\u0005${'é'.repeat(16)}`).hex).toBe(`05${'c3a9'.repeat(16)}`);
  });

  it.each([
    ['nothing', ''],
    ['one digit short', `05${'a'.repeat(63)}`],
    ['one digit long', `05${'a'.repeat(65)}`],
    ['a letter past f', `05${'g'.repeat(64)}`],
    ['no prefix', 'a'.repeat(64)],
    ['0x', `0x${'a'.repeat(64)}`],
    ['32 bytes', new Uint8Array(32)],
  ])('refuses %s', (_name, input) => {
    expect(AccountId.read(input)).toBeNull();
    expect(() => AccountId.parse(input)).toThrow(BadRequest);
    expect(() => AccountId.parse(input)).toThrow('invalid request: Pubkey must be 66 hex digits (33 bytes) long');
  });

  it('keeps its own copy of the bytes', () => {
    for (const bytes of [new Uint8Array(33), Buffer.alloc(33)]) {
      const account = AccountId.parse(bytes);
      bytes.fill(1);
      expect(account.bytes).toEqual(hexToBytes('00'.repeat(33)));
    }
  });

  it('prints nothing that identifies its owner', () => {
    const account = AccountId.parse(`05${'ab'.repeat(32)}`);
    expect(account.hex).toHaveLength(66);
    for (const shown of [
      String(account),
      JSON.stringify({ account }),
      inspect(account, { depth: 9, showHidden: true }),
    ]) {
      expect(shown).not.toMatch(/abab|171/);
    }
  });
});
