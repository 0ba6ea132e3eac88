import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ContractError } from './contract-error.js';
import { decodeRpcAnswer, decodeRpcCall, encodeRpcAnswer, encodeRpcCall } from './rpc-frame.js';

const body = fc.uint8Array({ maxLength: 2_000 });

describe('an RPC call frame', () => {
  it('reads back what was written', () => {
    const call = fc.record({
      source: fc.constantFrom('client' as const, 'peer' as const, 'stream' as const),
      budgetMs: fc.nat(0xffff_ffff),
      method: fc.option(fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme-ascii' }), { nil: null }),
      from: fc.option(fc.string({ minLength: 1, maxLength: 64, unit: 'grapheme-ascii' }), { nil: undefined }),
      body,
    });
    fc.assert(fc.property(call, (value) => expect(decodeRpcCall(encodeRpcCall(value))).toEqual(value)));
  });

  it('takes a budget that has run out as none', () => {
    const frame = encodeRpcCall({ source: 'client', budgetMs: -3.5, method: null, body: new Uint8Array() });
    expect(decodeRpcCall(frame).budgetMs).toBe(0);
  });

  it('refuses a method name that its length byte cannot hold', () => {
    const call = { source: 'peer', budgetMs: 1, method: 'm'.repeat(256), body: new Uint8Array() } as const;
    expect(() => encodeRpcCall(call)).toThrow(ContractError);
  });

  it.each([
    ['nothing', []],
    ['a version of another age', [3, 0, 0, 0, 0, 0, 0, 0]],
    ['an unknown source', [1, 9, 0, 0, 0, 0, 0, 0]],
    ['a head cut short', [1, 0, 0, 0]],
    ['a method that ends early', [1, 0, 0, 0, 0, 0, 5, 0, 109]],
    ['a sender that ends early', [1, 0, 0, 0, 0, 0, 1, 5, 109, 97]],
  ])('refuses %s', (_name, bytes) => {
    expect(() => decodeRpcCall(Uint8Array.from(bytes))).toThrow(ContractError);
  });

  it('reads any bytes or says that it cannot', () => {
    fc.assert(
      fc.property(body, (bytes) => {
        try {
          decodeRpcCall(bytes);
        } catch (cause) {
          expect(cause).toBeInstanceOf(ContractError);
        }
      }),
    );
  });
});

describe('an RPC answer frame', () => {
  it('reads back what was written', () => {
    const answer = fc.record({
      status: fc.integer({ min: 100, max: 599 }),
      kind: fc.constantFrom('text' as const, 'json' as const, 'binary' as const),
      body,
    });
    fc.assert(fc.property(answer, (value) => expect(decodeRpcAnswer(encodeRpcAnswer(value))).toEqual(value)));
  });

  it.each([
    ['nothing', []],
    ['a version of another age', [3, 0, 200, 0]],
    ['an unknown kind', [1, 7, 200, 0]],
    ['a head cut short', [1, 0, 200]],
  ])('refuses %s', (_name, bytes) => {
    expect(() => decodeRpcAnswer(Uint8Array.from(bytes))).toThrow(ContractError);
  });
});
