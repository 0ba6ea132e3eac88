import { describe, expect, it } from '@jest/globals';
import { readTranscript, type GoldenExchange } from '../../../../test/compat/golden/transcript.js';
import { utf8 } from '../hex.js';
import { toWire, type WireReply } from '../errors.js';
import { messageHash } from '../message-hash.js';
import { noblePrimitives as p } from '../noble-primitives.js';
import { authorizeDelete } from './delete.js';
import { parseClientCall, type RpcRequest } from './request.js';
import { authorizeRetrieve } from './retrieve.js';
import { authorizeStore, checkStoreTimes } from './store.js';

/** Groups of the recording whose answers depend on the request and the clock, not on other members being down. */
const GROUPS = ['env', 'http', 'info', 'swarm', 'oxend', 'store', 'retr', 'del', 'sub', 'outbox', 'batch', 'sequence'];
const NOT_YET = /"method": ?"(delete_all|delete_before|expire|expire_all|get_expiries|ifelse|(un)?revoke_subaccount)"/;
/** Needs the store's memory (other swarm, revocations) or the daemon's opinion to be refused. */
const REFUSED_ELSEWHERE = /^(oxend\.ons_noparams|sub\.revoked_store)$/;

const recorded = readTranscript().exchanges.filter(
  (exchange) =>
    GROUPS.includes(exchange.group) &&
    exchange.http === 'POST' &&
    exchange.path.startsWith('/storage_rpc/v1') &&
    ![404, 410, 413].includes(exchange.status) &&
    bodyOf(exchange) !== null,
);
const answerable = recorded.filter(({ id, status, request = '' }) => {
  return status !== 421 && !NOT_YET.test(request) && !REFUSED_ELSEWHERE.test(id);
});

function bodyOf({ request, request_b64: base64 }: GoldenExchange): Uint8Array | null {
  if (request !== undefined) return utf8(request);
  return base64 === undefined ? null : new Uint8Array(Buffer.from(base64, 'base64'));
}

/** What this library refuses by itself, at the time of the recording; null when it lets the request pass. */
function refusal(exchange: GoldenExchange): WireReply | null {
  try {
    admit(parseClientCall(bodyOf(exchange) ?? utf8('')), exchange.t0);
    return null;
  } catch (cause) {
    return toWire(cause);
  }
}

function admit(request: RpcRequest, nowMs: number): void {
  if (request.method === 'store') {
    checkStoreTimes(request, nowMs);
    authorizeStore(p, request, nowMs, false);
  }
  if (request.method === 'retrieve') authorizeRetrieve(p, request, nowMs, false);
  if (request.method === 'delete') authorizeDelete(p, request, false);
}

describe('the recording of the reference', () => {
  it('is here', () => {
    expect(recorded.length).toBeGreaterThan(250);
  });

  it.each(answerable.map((exchange) => [exchange.id, exchange] as const))('%s', (_id, exchange) => {
    const refused = [400, 401, 403, 406].includes(exchange.status);
    expect(refusal(exchange)).toEqual(refused ? { status: exchange.status, body: exchange.response } : null);
  });

  const stores = answerable.filter(({ group, response = '' }) => group !== 'batch' && /^\{"hash"/.test(response));

  it.each(stores.map((exchange) => [exchange.id, exchange] as const))('%s has the recorded hash', (_id, exchange) => {
    const request = parseClientCall(bodyOf(exchange) ?? utf8(''));
    if (request.method !== 'store') throw new Error('not a store');
    const { hash } = JSON.parse(exchange.response ?? '{}') as { hash?: string };
    expect(messageHash(p, request.account, request.namespace, request.data)).toBe(hash);
  });
});
