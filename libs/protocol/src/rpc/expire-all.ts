import type { AccountId } from '../account-id.js';
import { ClockSkew, InvalidRequest, Unauthorized } from '../errors.js';
import type { Primitives } from '../primitives.js';
import { proofHolds, type Circumstances, type RequestProof } from '../request-proof.js';
import { signingText, type NamespaceScope } from '../signing-text.js';
import { SUBACCOUNT_FLAGS } from '../subaccount.js';
import { TEXTS } from '../texts.js';
import { signatureWindowMs } from '../time-windows.js';
import { requireAccount } from './account-field.js';
import { NAMESPACE_OR_ALL, STRING, TIMESTAMP } from './field-types.js';
import { readFields, type RpcParams } from './params.js';
import { PROOF_FIELDS, readProof } from './proof-fields.js';

/** docs/protocol/storage-rpc.md §8.7 */
export interface ExpireAllRequest {
  readonly method: 'expire_all';
  readonly account: AccountId;
  readonly scope: NamespaceScope;
  /** Messages that expire later expire then. */
  readonly expiryMs: number;
  readonly proof: RequestProof;
}

const FIELDS = { ...PROOF_FIELDS, expiry: TIMESTAMP, namespace: NAMESPACE_OR_ALL, pubkey: STRING } as const;

/** Throws InvalidRequest. */
export function parseExpireAll(params: RpcParams): ExpireAllRequest {
  const fields = readFields(params, FIELDS);
  const account = requireAccount(fields.pubkey);
  const proof = readProof(account, fields);
  if (fields.expiry === null) throw new InvalidRequest(TEXTS.field.missing('expiry'));
  return { method: 'expire_all', account, scope: fields.namespace ?? 0, expiryMs: fields.expiry, proof };
}

/** Whether the sender may shorten. Throws ClockSkew or Unauthorized. */
export function authorizeExpireAll(p: Primitives, request: ExpireAllRequest, at: Circumstances): void {
  const { account, scope, expiryMs, proof } = request;
  if (expiryMs < at.nowMs - signatureWindowMs(at.forwarded)) throw new ClockSkew(TEXTS.expireAll.past);
  const signed = signingText.expireAll(scope, expiryMs);
  const demand = { account, signed, flags: SUBACCOUNT_FLAGS.delete, revoked: at.revoked };
  if (!proofHolds(p, proof, demand)) throw new Unauthorized(TEXTS.expireAll.badSignature);
}
