import type { AccountId } from '../account-id.js';
import { ClockSkew, InvalidRequest, Unauthorized } from '../errors.js';
import type { Primitives } from '../primitives.js';
import { proofHolds, type Circumstances, type TimedProof } from '../request-proof.js';
import { signingText, type NamespaceScope } from '../signing-text.js';
import { SUBACCOUNT_FLAGS } from '../subaccount.js';
import { TEXTS } from '../texts.js';
import { isWithin, signatureWindowMs } from '../time-windows.js';
import { requireAccount } from './account-field.js';
import { NAMESPACE_OR_ALL, STRING, TIMESTAMP } from './field-types.js';
import { readFields, type RpcParams } from './params.js';
import { PROOF_FIELDS, readProof } from './proof-fields.js';

/** docs/protocol/storage-rpc.md §8.4 */
export interface DeleteAllRequest {
  readonly method: 'delete_all';
  readonly account: AccountId;
  readonly scope: NamespaceScope;
  readonly proof: TimedProof;
}

const FIELDS = { ...PROOF_FIELDS, namespace: NAMESPACE_OR_ALL, pubkey: STRING, timestamp: TIMESTAMP } as const;

/** Throws InvalidRequest. */
export function parseDeleteAll(params: RpcParams): DeleteAllRequest {
  const fields = readFields(params, FIELDS);
  const account = requireAccount(fields.pubkey);
  const proof = readProof(account, fields);
  if (fields.timestamp === null) throw new InvalidRequest(TEXTS.field.missing('timestamp'));
  return {
    method: 'delete_all',
    account,
    scope: fields.namespace ?? 0,
    proof: { ...proof, signedAtMs: fields.timestamp },
  };
}

/** Whether the sender may delete. Throws ClockSkew or Unauthorized. */
export function authorizeDeleteAll(
  p: Primitives,
  { account, scope, proof }: DeleteAllRequest,
  at: Circumstances,
): void {
  if (!isWithin(proof.signedAtMs, at.nowMs, signatureWindowMs(at.forwarded))) {
    throw new ClockSkew(TEXTS.deleteAll.signatureTime);
  }
  const signed = signingText.deleteAll(scope, proof.signedAtMs);
  const demand = { account, signed, flags: SUBACCOUNT_FLAGS.delete, revoked: at.revoked };
  if (!proofHolds(p, proof, demand)) throw new Unauthorized(TEXTS.deleteAll.badSignature);
}
