import { describe, expect, it } from '@jest/globals';
import { readTranscript, type GoldenExchange } from '../../../../test/compat/golden/transcript.js';
import { utf8 } from '../hex.js';
import { toWire, type WireReply } from '../errors.js';
import { messageHash } from '../message-hash.js';
import { noblePrimitives as p } from '../noble-primitives.js';
import { authorizeDelete } from './delete.js';
import { authorizeDeleteAll } from './delete-all.js';
import { authorizeDeleteBefore } from './delete-before.js';
import { authorizeExpire } from './expire.js';
import { authorizeExpireAll } from './expire-all.js';
import { authorizeGetExpiries } from './get-expiries.js';
import { parseClientCall, type RpcRequest } from './request.js';
import { authorizeRetrieve } from './retrieve.js';
import { authorizeRevocation } from './revocation.js';
import { authorizeStore, checkStoreTimes } from './store.js';

/** Groups of the recording whose answers depend on the request and the clock, not on other members being down. */
const GROUPS = ['env', 'http', 'info', 'swarm', 'oxend', 'store', 'retr', 'del', 'delall', 'delbef', 'exp', 'expire'];
const MORE_GROUPS = ['getexp', 'expall', 'sub', 'outbox', 'batch', 'sequence', 'ifelse'];
/** Needs the store's memory (other swarm, revocations) or the daemon's opinion to be refused. */
const REFUSED_ELSEWHERE = /^(oxend\.ons_noparams|sub\.revoked_.*)$/;

const recorded = readTranscript().exchanges.filter(
  (exchange) =>
    [...GROUPS, ...MORE_GROUPS].includes(exchange.group) &&
    exchange.http === 'POST' &&
    exchange.path.startsWith('/storage_rpc/v1') &&
    ![404, 410, 413].includes(exchange.status) &&
    bodyOf(exchange) !== null,
);
const answerable = recorded.filter(({ id, status }) => {
  return status !== 421 && !REFUSED_ELSEWHERE.test(id);
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
  const at = { nowMs, revoked: false, forwarded: false };
  switch (request.method) {
    case 'store':
      checkStoreTimes(request, nowMs);
      authorizeStore(p, request, at);
      break;
    case 'retrieve':
      authorizeRetrieve(p, request, at);
      break;
    case 'delete':
      authorizeDelete(p, request, at);
      break;
    case 'delete_all':
      authorizeDeleteAll(p, request, at);
      break;
    case 'delete_before':
      authorizeDeleteBefore(p, request, at);
      break;
    case 'expire':
      authorizeExpire(p, request, at);
      break;
    case 'expire_all':
      authorizeExpireAll(p, request, at);
      break;
    case 'get_expiries':
      authorizeGetExpiries(p, request, at);
      break;
    case 'revoke_subaccount':
    case 'unrevoke_subaccount':
      authorizeRevocation(p, request, at);
      break;
    default: // no account, or requests of its own
  }
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
