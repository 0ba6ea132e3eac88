import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bencode } from '../bencode.js';
import { BadRequest, InvalidRequest } from '../errors.js';
import { utf8 } from '../hex.js';
import { isMethod, parseCall, parseClientCall, parseForwardedCall } from './request.js';
import type { RetrieveRequest } from './retrieve.js';

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
      'active_nodes_bin',
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

describe('parseCall', () => {
  it.each(['', '{}', 'de', '{"x":1}', 'd1:xi1ee'])('takes %j for parameters', (params) => {
    expect(parseCall('info', utf8(params))).toEqual({ method: 'info' });
  });

  it.each(['xyz', '[]', '5', 'null', '"d"', ' de', 'd', 'd1:bi1e1:ai2ee', 'dei1e', '{"a":1', 'le', 'i1e'])(
    'refuses %j for parameters',
    (params) => {
      expect(() => parseCall('info', utf8(params))).toThrow(new BadRequest('invalid body: expected json or bt_dict'));
    },
  );

  it('refuses more values than any client sends, before they fill the memory', () => {
    const many = (count: number): Uint8Array => utf8(`d8:messagesl${'0:'.repeat(count)}ee`);
    expect(() => parseCall('info', many(200_000))).toThrow('invalid body: expected json or bt_dict');
    expect(parseCall('info', many(199_000))).toEqual({ method: 'info' });
  });

  it.each([
    ['keys', (count: number) => `{${Array.from({ length: count }, (_key, at) => `"k${at}":0`).join()}}`, 1_000],
    ['values', (count: number) => `{"x":[${Array.from({ length: count }, () => '0').join()}]}`, 200_000],
  ])('refuses more %s of JSON than any client sends, on every way', (_what, textOf, most) => {
    const [fits, tooMany] = [textOf(most - 10), textOf(most + 1)];
    expect(parseCall('info', utf8(fits))).toEqual({ method: 'info' });
    expect(() => parseCall('info', utf8(tooMany))).toThrow('invalid body: expected json or bt_dict');
    const envelope = (params: string): Uint8Array => utf8(`{"method":"info","params":${params}}`);
    expect(parseClientCall(envelope(fits))).toEqual({ method: 'info' });
    expect(() => parseClientCall(envelope(tooMany))).toThrow('invalid json');
  });

  it.each(['nope', 'toString', 'monitor', ''])('knows no method %j', (method) => {
    expect(() => parseCall(method, utf8('de'))).toThrow(new BadRequest(`no method ${method}`));
    expect(isMethod(method)).toBe(false);
  });

  it('reads the same request from both encodings', () => {
    const pubkey = Buffer.alloc(33, 5);
    const signature = Buffer.alloc(64, 7);
    const ed25519 = Buffer.alloc(32, 9);
    const json = {
      pubkey: pubkey.toString('hex'),
      pubkey_ed25519: ed25519.toString('hex'),
      namespace: -10,
      signature: signature.toString('base64'),
      timestamp: 1_700_000_000_000,
    };
    const bt = { ...json, pubkey, pubkey_ed25519: ed25519, signature };
    const [fromJson, fromBt] = [utf8(JSON.stringify(json)), bencode(bt)].map((params) => {
      const { account, ...rest } = parseCall('retrieve', params) as RetrieveRequest;
      return { account: account.hex, ...rest };
    });
    expect(fromBt).toMatchObject({ method: 'retrieve', namespace: -10, proof: { signedAtMs: 1_700_000_000_000 } });
    expect(fromBt).toEqual(fromJson);
  });

  it.each([
    ['retrieve', { pubkey: Buffer.alloc(33, 5), timestamp: 1, signature: Buffer.alloc(63) }, 'invalid signature: expected 64-byte Ed25519 signature'],
    ['store', { pubkey: Buffer.alloc(33, 5), timestamp: 1, ttl: 1, data: Buffer.alloc(76_801) }, 'Message body exceeds maximum allowed length of 76800 bytes'],
    ['retrieve', { pubkey: Buffer.alloc(33, 5), namespace: 32_768 }, "Invalid value given for 'namespace': expected 16-bit integer"],
    ['batch', { requests: [] }, 'Invalid batch request: empty "requests" list'],
    ['batch', { requests: [5] }, 'Invalid batch request: requests must be dicts'],
    ['batch', { requests: [{ params: {} }] }, 'Invalid batch request: subrequests must have a method'],
    ['batch', { requests: [{ method: 'info' }] }, 'Invalid batch request: subrequests must have a params dict'],
    ['ifelse', { if: { hf_at_least: 1 }, then: 5 }, 'Invalid ifelse request: then must be a dict'],
    ['ifelse', { if: { hf_at_least: 1 }, else: { params: {} } }, 'Invalid ifelse request: else missing method'],
    ['ifelse', { if: { hf_at_least: 1 }, then: { method: 'info' } }, 'Invalid ifelse request: then missing params'],
    ['oxend_request', { endpoint: 'ons_resolve', params: '{' }, 'oxend_request params field does not contain valid json'],
  ])('refuses a bencoded %s in the words of bencode: %#', (method, params, problem) => {
    expect(() => parseCall(method, bencode(params))).toThrow(new InvalidRequest(problem));
  }); // prettier-ignore

  it('parses or refuses any bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom('store', 'batch', 'ifelse', 'expire'), fc.uint8Array(), (method, params) => {
        const dict = Buffer.concat([Buffer.from('d'), params, Buffer.from('e')]);
        for (const body of [params, dict]) {
          expect([null, 'BadRequest', 'InvalidRequest']).toContain(nameOf(failure(() => parseCall(method, body))));
        }
      }),
    );
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
