import { describe, expect, it } from '@jest/globals';
import { bencode } from '#protocol';
import { peerResultToJson, resultToJson } from './node-result.js';

const SIGNATURE = new Uint8Array(64).fill(7);
const SIGNATURE_TEXT = Buffer.from(SIGNATURE).toString('base64');

describe('what a member did', () => {
  it('reads the same whether we did it or another member told us', () => {
    const result = { already: true, expiry: 1_700_000_000_000, hash: 'h', signature: SIGNATURE, deleted: ['a', 'b'] };
    const entry = { ...result, signature: SIGNATURE_TEXT };
    expect(resultToJson(result)).toEqual(entry);
    expect(peerResultToJson(bencode(result))).toEqual(entry);
  });

  it('has flags as booleans, and other numbers as numbers', () => {
    const told = bencode({ failed: 1, query_failure: 0, expiry: 1, difference: 0 });
    expect(peerResultToJson(told)).toEqual({ failed: true, query_failure: false, expiry: 1, difference: 0 });
  });

  it('may hold one dictionary for each namespace', () => {
    expect(peerResultToJson(bencode({ deleted: { '0': ['a'], '-10': [] } }))).toEqual({
      deleted: { '0': ['a'], '-10': [] },
    });
  });

  it.each([
    ['nothing', ''],
    ['text', 'no bencode at all'],
    ['a list', 'le'],
    ['a dictionary that ends early', 'd4:hash'],
    ['something after the dictionary', 'dele'],
  ])('is unknown when a member answers %s', (_what, body) => {
    expect(peerResultToJson(Buffer.from(body))).toBeNull();
  });
});
