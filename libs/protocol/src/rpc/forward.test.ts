import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AccountId } from '../account-id.js';
import { bdecode } from '../bencode.js';
import { encodeBase64Unpadded } from '../base64.js';
import type { DeleteRequest } from './delete.js';
import type { ExpiryMode } from './expire.js';
import { encodeForwarded } from './forward.js';
import { parseForwardedCall } from './request.js';
import type { RecursiveRequest } from './simple-request.js';
import type { StoreRequest } from './store.js';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const timeMs = fc.nat(Number.MAX_SAFE_INTEGER);
const proof = fc.record({
  signature: bytes(64),
  ed25519: fc.option(bytes(32)),
  subaccount: fc.option(fc.record({ token: bytes(36), signature: bytes(64) })),
});
const timedProof = fc.tuple(proof, timeMs).map(([rest, signedAtMs]) => ({ ...rest, signedAtMs }));
const account = bytes(32).map((key) => AccountId.parse(Uint8Array.of(5, ...key)));
const hash = bytes(32).map(encodeBase64Unpadded);

const store: fc.Arbitrary<StoreRequest> = fc.record({
  method: fc.constant('store' as const),
  account,
  namespace: fc.integer({ min: -32_768, max: 32_767 }),
  timestampMs: fc.maxSafeInteger(),
  expiryMs: timeMs,
  data: fc.uint8Array({ maxLength: 300 }),
  proof: fc.option(timedProof),
});
const remove: fc.Arbitrary<DeleteRequest> = fc.record({
  method: fc.constant('delete' as const),
  account,
  messages: fc.array(hash, { minLength: 1, maxLength: 5 }),
  required: fc.boolean(),
  proof,
});

const scope = fc.oneof(fc.constant('all' as const), fc.integer({ min: -32_768, max: 32_767 }));
const tokens = fc.array(bytes(36), { maxLength: 5 });
const ownersProof = timedProof.map((given) => ({ ...given, subaccount: null }));
const expire = fc.array(hash, { minLength: 1, maxLength: 4 }).chain((messages) =>
  fc.record({
    method: fc.constant('expire' as const),
    account,
    messages: fc.constant(messages),
    expiriesMs: fc.oneof(
      fc.array(timeMs, { minLength: 1, maxLength: 1 }),
      fc.array(timeMs, { minLength: messages.length, maxLength: messages.length }),
    ),
    mode: fc.constantFrom<ExpiryMode>('set', 'extend', 'shorten'),
    proof,
  }),
);
const others: fc.Arbitrary<RecursiveRequest> = fc.oneof(
  fc.record({ method: fc.constant('delete_all' as const), account, scope, proof: timedProof }),
  fc.record({ method: fc.constant('delete_before' as const), account, scope, beforeMs: timeMs, proof }),
  expire,
  fc.record({ method: fc.constant('expire_all' as const), account, scope, expiryMs: timeMs, proof }),
  fc.record({
    method: fc.constantFrom('revoke_subaccount' as const, 'unrevoke_subaccount' as const),
    account,
    tokens,
    proof: ownersProof,
  }),
);

const keysOf = (encoded: Uint8Array): string[] => [...(bdecode(encoded) as Map<string, unknown>).keys()];

describe('encodeForwarded', () => {
  it('gives another member the same store', () => {
    fc.assert(
      fc.property(store, (request) => {
        const { account: owner, ...rest } = parseForwardedCall('store', encodeForwarded(request));
        const { account: original, ...others } = request;
        expect(rest).toEqual(others);
        expect(owner.hex).toBe(original.hex);
      }),
    );
  });

  it('gives another member the same delete, but not the question whether there was anything', () => {
    fc.assert(
      fc.property(remove, (request) => {
        const { account: owner, ...rest } = parseForwardedCall('delete', encodeForwarded(request));
        const { account: original, ...others } = request;
        expect(rest).toEqual({ ...others, required: false });
        expect(owner.hex).toBe(original.hex);
      }),
    );
  });

  it('gives another member the same request of every other method', () => {
    fc.assert(
      fc.property(others, (request) => {
        const { account: owner, ...rest } = parseForwardedCall(request.method, encodeForwarded(request));
        const { account: original, ...fields } = request;
        expect(rest).toEqual(fields);
        expect(owner.hex).toBe(original.hex);
      }),
    );
  });

  it('writes only what the request holds', () => {
    const request: StoreRequest = {
      method: 'store',
      account: AccountId.parse(`05${'a'.repeat(64)}`),
      namespace: 0,
      timestampMs: 1,
      expiryMs: 2,
      data: new Uint8Array(),
      proof: null,
    };
    expect(keysOf(encodeForwarded(request))).toEqual(['data', 'expiry', 'pubkey', 'timestamp']);
    const signed = { signature: new Uint8Array(64), ed25519: null, subaccount: null, signedAtMs: 3 };
    expect(keysOf(encodeForwarded({ ...request, namespace: -1, proof: signed }))).toEqual([
      'data',
      'expiry',
      'namespace',
      'pubkey',
      'sig_timestamp',
      'signature',
      'timestamp',
    ]);
  });
});
