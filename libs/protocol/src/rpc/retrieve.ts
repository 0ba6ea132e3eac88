import type { AccountId } from '../account-id.js';
import { decodeBase64 } from '../base64.js';
import { ClockSkew, InvalidRequest, Unauthorized } from '../errors.js';
import { MESSAGE_HASH_CHARS } from '../message-hash.js';
import { namespaceKind } from '../namespaces.js';
import type { Primitives } from '../primitives.js';
import { proofHolds, type Circumstances, type TimedProof } from '../request-proof.js';
import { signingText } from '../signing-text.js';
import { SUBACCOUNT_FLAGS } from '../subaccount.js';
import { TEXTS } from '../texts.js';
import { isWithin, TIME_WINDOWS } from '../time-windows.js';
import { ACCOUNT_FIELDS, eitherOf, requireOneAccount } from './account-field.js';
import { INTEGER, NAMESPACE, STRING, TIMESTAMP } from './field-types.js';
import { pageLimits, type PageLimits } from './page-limits.js';
import { readFields, type FieldValues, type RpcParams } from './params.js';
import { PROOF_FIELDS, readProof } from './proof-fields.js';
import { textOf, type WireString } from './wire-string.js';

/** docs/protocol/storage-rpc.md §8.2 */
export interface RetrieveRequest {
  readonly method: 'retrieve';
  readonly account: AccountId;
  readonly namespace: number;
  /** The hash after which to start; null for the beginning. */
  readonly after: string | null;
  readonly limits: PageLimits;
  /** Null when the request is not signed; when it is, the proof counts even where none is needed. */
  readonly proof: TimedProof | null;
}

const FIELDS = {
  ...ACCOUNT_FIELDS,
  ...PROOF_FIELDS,
  lastHash: STRING,
  last_hash: STRING,
  max_count: INTEGER,
  max_size: INTEGER,
  namespace: NAMESPACE,
  timestamp: TIMESTAMP,
} as const;

/** Throws InvalidRequest. */
export function parseRetrieve(params: RpcParams): RetrieveRequest {
  const fields = readFields(params, FIELDS);
  const account = requireOneAccount(fields);
  const proof = wantsAuth(fields) ? requireProof(account, fields) : null;
  return {
    method: 'retrieve',
    account,
    namespace: fields.namespace ?? 0,
    after: readLastHash(eitherOf('last_hash', fields.last_hash, 'lastHash', fields.lastHash)),
    limits: pageLimits(fields.max_count, fields.max_size),
    proof,
  };
}

/** A request that names a guarded namespace must be signed; one that names none is refused later, in other words. */
function wantsAuth({ namespace, pubkey_ed25519, signature, timestamp }: FieldValues<typeof FIELDS>): boolean {
  if (pubkey_ed25519 !== null || signature !== null || timestamp !== null) return true;
  return namespace !== null && namespaceKind(namespace).retrieveNeedsAuth;
}

/** The reference reads a time that is not there; here it is a missing field. */
function requireProof(account: AccountId, fields: FieldValues<typeof FIELDS>): TimedProof {
  const proof = readProof(account, fields);
  if (fields.timestamp === null) throw new InvalidRequest(TEXTS.field.missing('timestamp'));
  return { ...proof, signedAtMs: fields.timestamp };
}

function readLastHash(value: WireString | null): string | null {
  const hash = value === null ? '' : textOf(value);
  if (hash === '') return null;
  if (hash.length !== MESSAGE_HASH_CHARS) throw new InvalidRequest(TEXTS.parse.lastHashLength);
  if (decodeBase64(hash) === null) throw new InvalidRequest(TEXTS.parse.lastHashNotBase64);
  return hash;
}

/** Whether the sender may read here. Throws Unauthorized or ClockSkew. */
export function authorizeRetrieve(p: Primitives, request: RetrieveRequest, { nowMs, revoked }: Circumstances): void {
  const { account, namespace, proof } = request;
  const { retrieveNeedsAuth, unrevocable } = namespaceKind(namespace);
  if (proof === null) {
    if (retrieveNeedsAuth) throw new Unauthorized(TEXTS.retrieve.signatureRequired);
    return;
  }
  if (!isWithin(proof.signedAtMs, nowMs, TIME_WINDOWS.signatureMs)) throw new ClockSkew(TEXTS.retrieve.signatureTime);
  const signed = signingText.retrieve(namespace, proof.signedAtMs);
  const demand = { account, signed, flags: SUBACCOUNT_FLAGS.read, revoked: revoked && !unrevocable };
  if (!proofHolds(p, proof, demand)) throw new Unauthorized(TEXTS.retrieve.badSignature);
}
