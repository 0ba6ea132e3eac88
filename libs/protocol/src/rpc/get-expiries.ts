import type { AccountId } from '../account-id.js';
import { ClockSkew, InvalidRequest, Unauthorized } from '../errors.js';
import type { Primitives } from '../primitives.js';
import { proofHolds, type Circumstances, type TimedProof } from '../request-proof.js';
import { signingText } from '../signing-text.js';
import { SUBACCOUNT_FLAGS } from '../subaccount.js';
import { TEXTS } from '../texts.js';
import { isWithin, TIME_WINDOWS } from '../time-windows.js';
import { requireAccount } from './account-field.js';
import { STRING, STRING_LIST, TIMESTAMP } from './field-types.js';
import { requireMessageNames } from './message-hashes.js';
import { readFields, type RpcParams } from './params.js';
import { PROOF_FIELDS, readProof } from './proof-fields.js';

/** docs/protocol/storage-rpc.md §8.8 */
export interface GetExpiriesRequest {
  readonly method: 'get_expiries';
  readonly account: AccountId;
  /** Whatever was sent: what is no hash is a message that nobody has. */
  readonly messages: readonly string[];
  readonly proof: TimedProof;
}

const FIELDS = { ...PROOF_FIELDS, messages: STRING_LIST, pubkey: STRING, timestamp: TIMESTAMP } as const;

/** Throws InvalidRequest. */
export function parseGetExpiries(params: RpcParams): GetExpiriesRequest {
  const fields = readFields(params, FIELDS);
  const account = requireAccount(fields.pubkey);
  const proof = readProof(account, fields);
  const messages = requireMessageNames(fields.messages);
  if (fields.timestamp === null) throw new InvalidRequest(TEXTS.field.missing('timestamp'));
  return { method: 'get_expiries', account, messages, proof: { ...proof, signedAtMs: fields.timestamp } };
}

/** Whether the sender may know. Throws ClockSkew or Unauthorized. */
export function authorizeGetExpiries(p: Primitives, request: GetExpiriesRequest, at: Circumstances): void {
  const { account, messages, proof } = request;
  if (!isWithin(proof.signedAtMs, at.nowMs, TIME_WINDOWS.signatureMs)) {
    throw new ClockSkew(TEXTS.getExpiries.signatureTime);
  }
  const signed = signingText.getExpiries(proof.signedAtMs, messages);
  const demand = { account, signed, flags: SUBACCOUNT_FLAGS.read, revoked: at.revoked };
  if (!proofHolds(p, proof, demand)) throw new Unauthorized(TEXTS.getExpiries.badSignature);
}
