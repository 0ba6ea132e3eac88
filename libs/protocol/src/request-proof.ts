import { SESSION_ID_PREFIX, type AccountId } from './account-id.js';
import { equalBytes } from './hex.js';
import type { Primitives } from './primitives.js';
import { delegateKey, tokenGrants, type Subaccount } from './subaccount.js';

/** What a request brings to show that it comes from the account's owner or a delegate. Formats are checked. */
export interface RequestProof {
  /** 64 bytes, over the text that the method signs. */
  readonly signature: Uint8Array;
  /** The Ed25519 key behind a Session id, 32 bytes; null when the account's own bytes are the key. */
  readonly ed25519: Uint8Array | null;
  /** Given when a delegate signed. */
  readonly subaccount: Subaccount | null;
}

/** A proof whose signed text holds a time. */
export interface TimedProof extends RequestProof {
  readonly signedAtMs: number;
}

/** What the node knows when it judges a request. */
export interface Circumstances {
  readonly nowMs: number;
  /** Whether the owner has revoked the token of the proof; the answer comes from the store. */
  readonly revoked: boolean;
  /** Another member passed the request on, which took a while. */
  readonly forwarded: boolean;
}

export interface ProofDemand {
  readonly account: AccountId;
  /** The text that must have been signed. */
  readonly signed: Uint8Array;
  /** What a delegate must be allowed to do: SUBACCOUNT_FLAGS. */
  readonly flags: number;
  readonly revoked: boolean;
}

/** docs/protocol/storage-rpc.md §3.1 and §3.4. False for whatever does not check out; the caller has the words. */
export function proofHolds(p: Primitives, proof: RequestProof, demand: ProofDemand): boolean {
  const owner = ownerKey(p, demand.account, proof.ed25519);
  if (owner === null) return false;
  if (proof.subaccount === null) return p.ed25519Verify(proof.signature, demand.signed, owner);

  const { token, signature } = proof.subaccount;
  return (
    !demand.revoked &&
    tokenGrants(token, demand.account.prefix, demand.flags) &&
    p.ed25519Verify(signature, token, owner) &&
    p.ed25519Verify(proof.signature, demand.signed, delegateKey(token))
  );
}

/** A Session id holds the X25519 form of the owner's key, so the Ed25519 form must convert to exactly that. */
function ownerKey(p: Primitives, account: AccountId, ed25519: Uint8Array | null): Uint8Array | null {
  if (ed25519 === null) return account.key;
  if (account.prefix !== SESSION_ID_PREFIX) return null;
  const converted = p.ed25519ToX25519(ed25519);
  return converted !== null && equalBytes(converted, account.key) ? ed25519 : null;
}
