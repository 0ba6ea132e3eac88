import { describe, expect, it } from '@jest/globals';
import { bdecode, bencode, JsonFloat } from '#protocol';
import { bencodeBody, peerResultToJson, resultToJson } from './node-result.js';

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
