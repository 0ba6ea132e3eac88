import type { AccountId } from '../account-id.js';
import { InvalidRequest, Unauthorized } from '../errors.js';
import type { Primitives } from '../primitives.js';
import { proofHolds, type Circumstances, type RequestProof } from '../request-proof.js';
import { signingText, type NamespaceScope } from '../signing-text.js';
import { SUBACCOUNT_FLAGS } from '../subaccount.js';
import { TEXTS } from '../texts.js';
import { TIME_WINDOWS } from '../time-windows.js';
import { requireAccount } from './account-field.js';
import { NAMESPACE_OR_ALL, STRING, TIMESTAMP } from './field-types.js';
import { readFields, type RpcParams } from './params.js';
import { PROOF_FIELDS, readProof } from './proof-fields.js';

/** docs/protocol/storage-rpc.md §8.5 */
export interface DeleteBeforeRequest {
  readonly method: 'delete_before';
  readonly account: AccountId;
  readonly scope: NamespaceScope;
  /** Messages of this time and older go. */
  readonly beforeMs: number;
  readonly proof: RequestProof;
}

const FIELDS = { ...PROOF_FIELDS, before: TIMESTAMP, namespace: NAMESPACE_OR_ALL, pubkey: STRING } as const;

/** Throws InvalidRequest. */
export function parseDeleteBefore(params: RpcParams): DeleteBeforeRequest {
  const fields = readFields(params, FIELDS);
  const account = requireAccount(fields.pubkey);
  const proof = readProof(account, fields);
  if (fields.before === null) throw new InvalidRequest(TEXTS.field.missing('before'));
  return { method: 'delete_before', account, scope: fields.namespace ?? 0, beforeMs: fields.before, proof };
}

/** Whether the sender may delete. A time in the future is a 401 here, not a 406. Throws Unauthorized. */
export function authorizeDeleteBefore(p: Primitives, request: DeleteBeforeRequest, at: Circumstances): void {
  const { account, scope, beforeMs, proof } = request;
  if (beforeMs > at.nowMs + TIME_WINDOWS.signatureMs) throw new Unauthorized(TEXTS.deleteBefore.future);
  const signed = signingText.deleteBefore(scope, beforeMs);
  const demand = { account, signed, flags: SUBACCOUNT_FLAGS.delete, revoked: at.revoked };
  if (!proofHolds(p, proof, demand)) throw new Unauthorized(TEXTS.deleteBefore.badSignature);
}
