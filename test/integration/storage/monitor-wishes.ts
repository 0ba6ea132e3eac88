import {
  bencode,
  concatBytes,
  noblePrimitives,
  signingText,
  SUBACCOUNT_FLAGS,
  type AccountId,
  type Bencodable,
  type Ed25519KeyPair,
} from '#protocol';

type Wish = Readonly<Record<string, Bencodable | undefined>>;

const nowS = (): number => Math.floor(Date.now() / 1_000);

/** A subscription as an owner signs it. */
export function aWish(
  account: AccountId,
  owner: Ed25519KeyPair,
  namespaces: readonly number[],
  wantsData = false,
  changes: Wish = {},
): Wish {
  const t = nowS();
  const s = noblePrimitives.ed25519Sign(signingText.monitor(account.hex, t, wantsData, namespaces), owner);
  return { p: account.bytes, n: namespaces, d: wantsData ? 1 : undefined, t, s, ...changes };
}

/** The token that lets a delegate read. */
export const tokenFor = (account: AccountId, delegate: Ed25519KeyPair): Uint8Array =>
  concatBytes(Uint8Array.of(account.prefix, SUBACCOUNT_FLAGS.read, 0, 0), delegate.publicKey);

/** One of a delegate. */
export function aDelegatesWish(account: AccountId, owner: Ed25519KeyPair, delegate: Ed25519KeyPair): Wish {
  const token = tokenFor(account, delegate);
  return { ...aWish(account, delegate, [0]), T: token, S: noblePrimitives.ed25519Sign(token, owner) };
}

export const partOf = (...wishes: readonly Wish[]): Uint8Array =>
  wishes.length === 1 && wishes[0] !== undefined ? bencode(wishes[0]) : bencode(wishes);
