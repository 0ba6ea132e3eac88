import type { AccountId } from '../account-id.js';
import { ClockSkew, InvalidRequest, Unauthorized } from '../errors.js';
import type { Primitives } from '../primitives.js';
import { proofHolds, type Circumstances, type TimedProof } from '../request-proof.js';
import { signingText } from '../signing-text.js';
import { TEXTS } from '../texts.js';
import { isWithin, TIME_WINDOWS } from '../time-windows.js';
import { requireAccount } from './account-field.js';
import { STRING, STRING_LIST, TIMESTAMP } from './field-types.js';
import { readFields, type FieldValues, type RpcParams } from './params.js';
import { readProof, tokenOf } from './proof-fields.js';
import type { WireString } from './wire-string.js';

/** docs/protocol/storage-rpc.md §8.9 and §8.10 */
export interface RevocationRequest {
  readonly method: 'revoke_subaccount' | 'unrevoke_subaccount';
  readonly account: AccountId;
  /** 36 bytes each, in the order of the request, which is the order that was signed. */
  readonly tokens: readonly Uint8Array[];
  /** The owner's own: a delegate may not do this, so a token beside it is not looked at. */
  readonly proof: TimedProof;
}

const MAX_REVOKED_AT_ONCE = 50;
/** The network has no limit here; no client sends more than it could ever have revoked. */
const MAX_UNREVOKED_AT_ONCE = 4_096;

const OWNER_FIELDS = { pubkey: STRING, pubkey_ed25519: STRING, signature: STRING, timestamp: TIMESTAMP } as const;
const REVOKE_FIELDS = { ...OWNER_FIELDS, revoke: STRING_LIST } as const;
const UNREVOKE_FIELDS = { ...OWNER_FIELDS, unrevoke: STRING_LIST } as const;

/** Throws InvalidRequest. */
export function parseRevoke(params: RpcParams): RevocationRequest {
  const fields = readFields(params, REVOKE_FIELDS);
  const owner = requireOwner(fields);
  return { method: 'revoke_subaccount', ...owner, tokens: requireTokens('revoke', fields.revoke) };
}

/** Throws InvalidRequest. */
export function parseUnrevoke(params: RpcParams): RevocationRequest {
  const fields = readFields(params, UNREVOKE_FIELDS);
  const owner = requireOwner(fields);
  return { method: 'unrevoke_subaccount', ...owner, tokens: requireTokens('unrevoke', fields.unrevoke) };
}

function requireOwner(fields: FieldValues<typeof OWNER_FIELDS>): Pick<RevocationRequest, 'account' | 'proof'> {
  const account = requireAccount(fields.pubkey);
  const proof = readProof(account, { ...fields, subaccount: null, subaccount_sig: null });
  if (fields.timestamp === null) throw new InvalidRequest(TEXTS.field.missing('timestamp'));
  return { account, proof: { ...proof, signedAtMs: fields.timestamp } };
}

function requireTokens(list: 'revoke' | 'unrevoke', values: readonly WireString[] | null): readonly Uint8Array[] {
  if (values === null) throw new InvalidRequest(TEXTS.field.missing(list));
  if (list === 'revoke' && values.length > MAX_REVOKED_AT_ONCE) throw new InvalidRequest(TEXTS.parse.tooManyTokens);
  if (values.length > MAX_UNREVOKED_AT_ONCE) {
    throw new InvalidRequest(TEXTS.parse.manyTokens(list, MAX_UNREVOKED_AT_ONCE));
  }
  return values.map((value) => {
    const token = tokenOf(value);
    if (token !== null) return token;
    throw new InvalidRequest(typeof value === 'string' ? TEXTS.parse.tokenJson(list) : TEXTS.parse.tokenBt(list));
  });
}

/** Whether the owner sent this. Throws ClockSkew or Unauthorized. */
export function authorizeRevocation(p: Primitives, request: RevocationRequest, at: Circumstances): void {
  const { method, account, tokens, proof } = request;
  if (!isWithin(proof.signedAtMs, at.nowMs, TIME_WINDOWS.signatureMs)) {
    throw new ClockSkew(TEXTS.revocation.signatureTime(method));
  }
  const textFor = method === 'revoke_subaccount' ? signingText.revokeSubaccount : signingText.unrevokeSubaccount;
  const demand = { account, signed: textFor(proof.signedAtMs, tokens), flags: 0, revoked: false };
  if (!proofHolds(p, proof, demand)) throw new Unauthorized(TEXTS.revocation.badSignature(method));
}
