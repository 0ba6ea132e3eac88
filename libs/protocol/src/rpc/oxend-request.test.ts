import { describe, expect, it } from '@jest/globals';
import type { BValue } from '../bencode.js';
import { utf8 } from '../hex.js';
import type { JsonObject } from '../json.js';
import { parseOxendRequest } from './oxend-request.js';
import { BtParams, JsonParams } from './params.js';

describe('parseOxendRequest', () => {
  it.each<[JsonObject, unknown]>([
    [
      { endpoint: 'ons_resolve', params: { type: 0 } },
      { endpoint: 'ons_resolve', params: { type: 0 } },
    ],
    [
      { endpoint: 'get_service_nodes', params: null },
      { endpoint: 'get_service_nodes', params: null },
    ],
    [{ endpoint: 'get_service_nodes' }, { endpoint: 'get_service_nodes', params: null }],
    [
      { endpoint: 'get_service_nodes', params: [1] },
      { endpoint: 'get_service_nodes', params: [1] },
    ],
  ])('reads %j', (fields, request) => {
    expect(parseOxendRequest(new JsonParams(fields))).toEqual({ method: 'oxend_request', ...(request as object) });
  });

  it.each<[JsonObject, string]>([
    [{}, "Required field 'endpoint' missing"],
    [{ endpoint: 5 }, "Invalid value given for 'endpoint': expected string"],
    [{ endpoint: 'get_info' }, "Invalid oxend endpoint 'get_info'"],
    [{ endpoint: 'toString' }, "Invalid oxend endpoint 'toString'"],
  ])('refuses %j', (fields, text) => {
    expect(() => parseOxendRequest(new JsonParams(fields))).toThrow(`invalid request: ${text}`);
  });

  it('finds JSON inside bencode', () => {
    const bt = (params: BValue) =>
      parseOxendRequest(
        new BtParams(
          new Map<string, BValue>([
            ['endpoint', utf8('ons_resolve')],
            ['params', params],
          ]),
        ),
      );
    expect(bt(utf8('{"limit":5}')).params).toEqual({ limit: 5 });
    expect(() => bt(utf8('{'))).toThrow('invalid request: oxend_request params field does not contain valid json');
    expect(() => bt(5)).toThrow("invalid request: Invalid value given for 'params': expected string");
  });
});
