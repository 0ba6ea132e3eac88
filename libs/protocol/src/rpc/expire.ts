import type { AccountId } from '../account-id.js';
import { BadRequest, InvalidRequest, Unauthorized } from '../errors.js';
import type { Primitives } from '../primitives.js';
import { proofHolds, type Circumstances, type RequestProof } from '../request-proof.js';
import { signingText } from '../signing-text.js';
import { SUBACCOUNT_FLAGS, tokenGrants } from '../subaccount.js';
import { TEXTS } from '../texts.js';
import { TIME_WINDOWS } from '../time-windows.js';
import { requireAccount } from './account-field.js';
import { BOOLEAN, STRING, STRING_LIST, TIMESTAMP_LIST } from './field-types.js';
import { requireMessageHashes } from './message-hashes.js';
import { readFields, type RpcParams } from './params.js';
import { PROOF_FIELDS, readProof } from './proof-fields.js';

/** What may become of an expiry: `extend` only later, `shorten` only sooner, `set` either way. */
export type ExpiryMode = 'extend' | 'shorten' | 'set';

/** docs/protocol/storage-rpc.md §8.6 */
export interface ExpireRequest {
  readonly method: 'expire';
  readonly account: AccountId;
  /** In the order of the request, which is the order that was signed. */
  readonly messages: readonly string[];
  /** As they were sent and signed: one for all messages, or one each. */
  readonly expiriesMs: readonly number[];
  readonly mode: ExpiryMode;
  readonly proof: RequestProof;
}

const FIELDS = {
  ...PROOF_FIELDS,
  expiry: TIMESTAMP_LIST,
  extend: BOOLEAN,
  messages: STRING_LIST,
  pubkey: STRING,
  shorten: BOOLEAN,
} as const;

/** Throws InvalidRequest. */
export function parseExpire(params: RpcParams): ExpireRequest {
  const fields = readFields(params, FIELDS);
  const account = requireAccount(fields.pubkey);
  const proof = readProof(account, fields);
  const messages = requireMessageHashes(fields.messages);
  const expiriesMs = fields.expiry;
  if (expiriesMs === null) throw new InvalidRequest(TEXTS.field.missing('expiry'));
  if (expiriesMs.length === 0) throw new InvalidRequest(TEXTS.parse.noExpiries);
  if (fields.shorten === true && fields.extend === true) throw new InvalidRequest(TEXTS.parse.shortenAndExtend);
  if (expiriesMs.length > 1 && expiriesMs.length !== messages.length) {
    throw new InvalidRequest(TEXTS.parse.expiryCount);
  }
  const mode = fields.shorten === true ? 'shorten' : fields.extend === true ? 'extend' : 'set';
  return { method: 'expire', account, messages, expiriesMs, mode, proof };
}

/** Whether the sender may do this. Throws Unauthorized, or BadRequest for a delegate who asks for too much. */
export function authorizeExpire(p: Primitives, request: ExpireRequest, at: Circumstances): void {
  const { account, messages, expiriesMs, mode, proof } = request;
  const earliestMs = at.nowMs - TIME_WINDOWS.signatureMs;
  if (expiriesMs.some((expiryMs) => expiryMs < earliestMs)) throw new Unauthorized(TEXTS.expire.past);
  const signed = signingText.expire(mode === 'set' ? '' : mode, expiriesMs, messages);
  const demand = { account, signed, flags: SUBACCOUNT_FLAGS.write, revoked: at.revoked };
  if (!proofHolds(p, proof, demand)) throw new Unauthorized(TEXTS.expire.badSignature);
  if (mode === 'shorten' && !mayShorten(request)) throw new BadRequest(TEXTS.expire.mayNotShorten);
}

/** A delegate who may write but not delete can only make messages live longer. */
export const permittedMode = (request: ExpireRequest): ExpiryMode =>
  request.mode === 'set' && !mayShorten(request) ? 'extend' : request.mode;

function mayShorten({ account, proof }: ExpireRequest): boolean {
  return proof.subaccount === null || tokenGrants(proof.subaccount.token, account.prefix, SUBACCOUNT_FLAGS.delete);
}
