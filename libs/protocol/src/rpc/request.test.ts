import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bencode } from '../bencode.js';
import { BadRequest } from '../errors.js';
import { utf8 } from '../hex.js';
import { parseClientCall, parseForwardedCall } from './request.js';

/** Which class of error a call ends in; null when it is parsed. */
function failure(call: () => unknown): unknown {
  try {
    call();
    return null;
  } catch (cause) {
    return (cause as object).constructor;
  }
}

describe('parseClientCall', () => {
  it.each([
    ['', 'invalid json'],
    ['not json', 'invalid json'],
    ['[]', 'invalid json: no `method` field'],
    ['{"params":{}}', 'invalid json: no `method` field'],
    ['{"method":5,"params":{}}', 'invalid json: no `method` field'],
    ['{"method":"info"}', 'invalid json: no `params` field'],
    ['{"method":"nope","params":null}', 'invalid json: no `params` field'],
    ['{"method":"nope","params":{}}', 'no method nope'],
    ['{"method":"toString","params":{}}', 'no method toString'],
  ])('answers %s with the words of the network', (body, text) => {
    expect(() => parseClientCall(utf8(body))).toThrow(new BadRequest(text));
  });

  it('ignores what else the envelope holds', () => {
    const body = '{"jsonrpc":"2.0","id":0,"method":"info","params":{"x":1}}';
    expect(parseClientCall(utf8(body))).toEqual({ method: 'info' });
  });

  it('refuses an account for get_swarm in words of its own', () => {
    const body = `{"method":"get_swarm","params":{"pubkey":"${'a'.repeat(65)}"}}`;
    expect(() => parseClientCall(utf8(body))).toThrow('invalid request: Pubkey must be 66 hex digits/33 bytes long');
  });

  it('parses or refuses hostile parameters of every method, and never fails in another way', () => {
    const method = fc.constantFrom(
      'store',
      'retrieve',
      'delete',
      'delete_all',
      'delete_before',
      'expire',
      'expire_all',
      'get_expiries',
      'revoke_subaccount',
      'unrevoke_subaccount',
      'get_swarm',
      'info',
      'oxend_request',
      'batch',
      'sequence',
      'ifelse',
    );
    const field = fc.constantFrom(
      'before', 'data', 'else', 'endpoint', 'expiry', 'extend', 'if', 'last_hash', 'max_count', 'max_size', 'messages', 'namespace', 'params', 'pubkey',
      'pubkey_ed25519', 'requests', 'required', 'revoke', 'shorten', 'sig_timestamp', 'signature', 'subaccount', 'subaccount_sig', 'then',
      'timestamp', 'ttl', 'unrevoke',
    ); // prettier-ignore
    const likely = fc.constantFrom(
      `05${'a'.repeat(64)}`,
      'A'.repeat(86),
      'A'.repeat(43),
      'A'.repeat(48),
      1_700_000_000_000,
      '5',
    );
    const params = fc.dictionary(field, fc.oneof(likely, fc.jsonValue({ maxDepth: 3 })), { maxKeys: 12 });
    fc.assert(
      fc.property(method, params, (name, fields) => {
        const body = utf8(JSON.stringify({ method: name, params: fields }));
        expect([null, 'BadRequest', 'InvalidRequest']).toContain(nameOf(failure(() => parseClientCall(body))));
      }),
      { numRuns: 1_000 },
    );
  });

  it('parses or refuses any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), (body) => failure(() => parseClientCall(body)) === BadRequest));
  });
});

describe('parseForwardedCall', () => {
  it.each(['retrieve', 'get_swarm', 'info', 'oxend_request', 'batch', 'sequence', 'nope'])('refuses %s', (method) => {
    expect(() => parseForwardedCall(method, utf8('de'))).toThrow(
      'invalid request: received invalid forwarded non-forwardable request',
    );
  });

  it.each(['', 'le', 'i1e', '{}', 'd', 'd1:bi1e1:ai2ee'])('refuses %j for parameters', (body) => {
    expect(() => parseForwardedCall('store', utf8(body))).toThrow(
      new BadRequest('invalid body: expected json or bt_dict'),
    );
  });

  it('reports a missing field as for a client', () => {
    expect(() => parseForwardedCall('delete', bencode({}))).toThrow("invalid request: Required field 'pubkey' missing");
  });
});

const nameOf = (constructor: unknown): string | null =>
  constructor === null ? null : (constructor as { name: string }).name;
