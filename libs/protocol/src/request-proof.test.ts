import { describe, expect, it } from '@jest/globals';
import { AccountId } from './account-id.js';
import { concatBytes, utf8 } from './hex.js';
import { noblePrimitives as p } from './noble-primitives.js';
import type { Ed25519KeyPair } from './primitives.js';
import { proofHolds, type ProofDemand, type RequestProof } from './request-proof.js';
import { SUBACCOUNT_FLAGS } from './subaccount.js';

const keyPair = (fill: number): Ed25519KeyPair => {
  const seed = new Uint8Array(32).fill(fill);
  return { seed, publicKey: p.ed25519PublicKey(seed) };
};
const owner = keyPair(1);
const delegate = keyPair(2);
const stranger = keyPair(3);

const prefixed = (prefix: number, key: Uint8Array): AccountId =>
  AccountId.parse(concatBytes(Uint8Array.of(prefix), key));
const user = prefixed(0x05, p.ed25519ToX25519(owner.publicKey) ?? new Uint8Array(32));
const userNamedByEd25519 = prefixed(0x05, owner.publicKey);
const group = prefixed(0x03, owner.publicKey);

const signed = utf8('what the method signs');
const { read, write, anyPrefix } = SUBACCOUNT_FLAGS;
const demandOf = (account: AccountId, changes: Partial<ProofDemand> = {}): ProofDemand => ({
  account,
  signed,
  flags: read,
  revoked: false,
  ...changes,
});

const ownProof = (changes: Partial<RequestProof> = {}): RequestProof => ({
  signature: p.ed25519Sign(signed, owner),
  ed25519: null,
  subaccount: null,
  ...changes,
});

function delegated(token: { prefix: number; flags: number }, changes: Partial<RequestProof> = {}): RequestProof {
  const bytes = concatBytes(Uint8Array.of(token.prefix, token.flags, 0, 0), delegate.publicKey);
  const subaccount = { token: bytes, signature: p.ed25519Sign(bytes, owner) };
  return ownProof({ signature: p.ed25519Sign(signed, delegate), subaccount, ...changes });
}

describe('a proof of the owner', () => {
  it.each<[string, AccountId, RequestProof, boolean]>([
    ['a group whose key signed', group, ownProof(), true],
    ['a Session id with the key behind it', user, ownProof({ ed25519: owner.publicKey }), true],
    ['a Session id without the key behind it', user, ownProof(), false],
    ['a Session id with the key of another', user, ownProof({ ed25519: stranger.publicKey }), false],
    ['a Session id with bytes that are no key', user, ownProof({ ed25519: new Uint8Array(32) }), false],
    ['prefix 05 around an Ed25519 key', userNamedByEd25519, ownProof(), true],
    ['a group with a key that only Session ids may name', group, ownProof({ ed25519: owner.publicKey }), false],
    [
      'a group with the key bytes of a Session id',
      prefixed(0x03, user.key),
      ownProof({ ed25519: owner.publicKey }),
      false,
    ],
    ['a group whose key did not sign', group, ownProof({ signature: p.ed25519Sign(signed, stranger) }), false],
  ])('for %s', (_name, account, proof, holds) => {
    expect(proofHolds(p, proof, demandOf(account))).toBe(holds);
  });

  it('covers the exact text', () => {
    expect(proofHolds(p, ownProof(), demandOf(group, { signed: utf8('another') }))).toBe(false);
  });

  it('has nothing to do with revocations', () => {
    expect(proofHolds(p, ownProof(), demandOf(group, { revoked: true }))).toBe(true);
  });
});

describe('a proof of a delegate', () => {
  const reader = { prefix: 0x03, flags: read };

  it.each<[string, AccountId, RequestProof, Partial<ProofDemand>, boolean]>([
    ['holds for what it grants', group, delegated(reader), {}, true],
    ['holds with more than is asked', group, delegated({ prefix: 0x03, flags: 0xff }), { flags: read | write }, true],
    ['fails for what it does not grant', group, delegated(reader), { flags: write }, false],
    ['fails when only part is granted', group, delegated(reader), { flags: read | write }, false],
    ['fails when revoked', group, delegated(reader), { revoked: true }, false],
    ['fails under another prefix', prefixed(0x99, owner.publicKey), delegated(reader), {}, false],
    [
      'holds under any prefix if it says so',
      prefixed(0x99, owner.publicKey),
      delegated({ prefix: 3, flags: read | anyPrefix }),
      {},
      true,
    ],
    ['holds for a Session id', user, delegated({ prefix: 0x05, flags: read }, { ed25519: owner.publicKey }), {}, true],
    [
      'fails when the owner signed instead',
      group,
      delegated(reader, { signature: p.ed25519Sign(signed, owner) }),
      {},
      false,
    ],
  ])('%s', (_name, account, proof, changes, holds) => {
    expect(proofHolds(p, proof, demandOf(account, changes))).toBe(holds);
  });

  it('fails when the token was not signed by the owner', () => {
    const { subaccount, ...rest } = delegated(reader);
    const token = subaccount?.token ?? new Uint8Array();
    const forged = { ...rest, subaccount: { token, signature: p.ed25519Sign(token, stranger) } };
    expect(proofHolds(p, forged, demandOf(group))).toBe(false);
  });
});
