import type { AccountId } from '../account-id.js';
import { Unauthorized } from '../errors.js';
import type { Primitives } from '../primitives.js';
import { proofHolds, type Circumstances, type RequestProof } from '../request-proof.js';
import { signingText } from '../signing-text.js';
import { SUBACCOUNT_FLAGS } from '../subaccount.js';
import { TEXTS } from '../texts.js';
import { requireAccount } from './account-field.js';
import { BOOLEAN, STRING, STRING_LIST } from './field-types.js';
import { requireMessageHashes } from './message-hashes.js';
import { readFields, type RpcParams } from './params.js';
import { PROOF_FIELDS, readProof } from './proof-fields.js';

/** docs/protocol/storage-rpc.md §8.3 */
export interface DeleteRequest {
  readonly method: 'delete';
  readonly account: AccountId;
  /** In the order of the request, which is the order that was signed. */
  readonly messages: readonly string[];
  /** The client wants 404 when no member had any of them. */
  readonly required: boolean;
  readonly proof: RequestProof;
}

const FIELDS = { ...PROOF_FIELDS, messages: STRING_LIST, pubkey: STRING, required: BOOLEAN } as const;

/** Throws InvalidRequest. */
export function parseDelete(params: RpcParams): DeleteRequest {
  const fields = readFields(params, FIELDS);
  const account = requireAccount(fields.pubkey);
  const proof = readProof(account, fields);
  const messages = requireMessageHashes(fields.messages);
  return { method: 'delete', account, messages, required: fields.required ?? false, proof };
}

/** Whether the sender may delete. Throws Unauthorized. */
export function authorizeDelete(
  p: Primitives,
  { account, messages, proof }: DeleteRequest,
  { revoked }: Pick<Circumstances, 'revoked'>,
): void {
  const demand = { account, signed: signingText.delete(messages), flags: SUBACCOUNT_FLAGS.delete, revoked };
  if (!proofHolds(p, proof, demand)) throw new Unauthorized(TEXTS.delete.badSignature);
}
