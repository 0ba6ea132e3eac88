import { describe, expect, it } from '@jest/globals';
import { bdecode, bencode, type Bencodable, type BValue } from '../bencode.js';
import { InvalidRequest } from '../errors.js';
import type { JsonValue } from '../json.js';
import { parseBatch, type BatchRequest } from './batch.js';
import { BtParams, JsonParams } from './params.js';

const info = { method: 'info', params: {} };
const json = (requests: JsonValue): BatchRequest => parseBatch('batch', new JsonParams({ requests }));
const bt = (requests: Bencodable): BatchRequest =>
  parseBatch('sequence', new BtParams(bdecode(bencode({ requests })) as Map<string, BValue>));

describe('parseBatch', () => {
  it('keeps the order and the name it was called by', () => {
    const swarm = { method: 'get_snodes_for_pubkey', params: { pubkey: `05${'a'.repeat(64)}` } };
    expect(json([swarm, info]).requests.map(({ method }) => method)).toEqual(['get_swarm', 'info']);
    expect(json([info]).method).toBe('batch');
    expect(bt([info, swarm])).toMatchObject({
      method: 'sequence',
      requests: [{ method: 'info' }, { method: 'get_swarm' }],
    });
  });

  it('takes 20 requests and no more', () => {
    expect(json(Array<JsonValue>(20).fill(info)).requests).toHaveLength(20);
    expect(() => json(Array<JsonValue>(21).fill(info))).toThrow('Invalid batch request: subrequest limit exceeded');
    expect(() => bt(Array<Bencodable>(21).fill(info))).toThrow('Invalid batch request: subrequest limit exceeded');
  });

  it.each<[string, JsonValue, string]>([
    ['nothing', null, 'Invalid batch request: no valid "requests" field'],
    ['an empty list', [], 'Invalid batch request: no valid "requests" field'],
    ['an object', {}, 'Invalid batch request: no valid "requests" field'],
    ['an element that is no object', [5], 'Invalid batch request: requests must be objects'],
    [
      'an element without params',
      [{ method: 'info' }],
      'Invalid batch request: subrequests must have method/params keys',
    ],
    ['an element without method', [{ params: {} }], 'Invalid batch request: subrequests must have method/params keys'],
    [
      'a method that is no string',
      [{ method: 5, params: {} }],
      'Invalid batch request: subrequests must have method/params keys',
    ],
    ['an unknown method', [{ method: 'nope', params: {} }], 'Invalid batch subrequest: invalid method "nope"'],
    [
      'a name that objects have',
      [{ method: 'constructor', params: {} }],
      'Invalid batch subrequest: invalid method "constructor"',
    ],
    [
      'a batch',
      [{ method: 'batch', params: {} }],
      'Invalid batch subrequest: subrequests may not contain meta-requests',
    ],
    [
      'an ifelse',
      [{ method: 'ifelse', params: {} }],
      'Invalid batch subrequest: subrequests may not contain meta-requests',
    ],
    ['one bad element among good ones', [info, { method: 'store', params: {} }], "Required field 'timestamp' missing"],
  ])('refuses %s', (_name, requests, text) => {
    expect(() => json(requests)).toThrow(InvalidRequest);
    expect(() => json(requests)).toThrow(`invalid request: ${text}`);
  });

  it.each<[string, Bencodable, string]>([
    ['an empty list', [], 'Invalid batch request: empty "requests" list'],
    ['a string', 'x', 'Invalid batch request: no valid "requests" field'],
    ['an element that is no dict', [5], 'Invalid batch request: requests must be dicts'],
    ['an element without method', [{ params: {} }], 'Invalid batch request: subrequests must have a method'],
    ['an element without params', [{ method: 'info' }], 'Invalid batch request: subrequests must have a params dict'],
    [
      'a sequence',
      [{ method: 'sequence', params: {} }],
      'Invalid batch subrequest: subrequests may not contain meta-requests',
    ],
  ])('refuses %s in bencode', (_name, requests, text) => {
    expect(() => bt(requests)).toThrow(`invalid request: ${text}`);
  });

  it('refuses bencode without requests', () => {
    expect(() => parseBatch('batch', new BtParams(new Map()))).toThrow('no valid "requests" field');
  });
});
