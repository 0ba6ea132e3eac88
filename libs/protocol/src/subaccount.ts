/** What a delegate may do; other bits of the byte are reserved and ignored. docs/protocol/storage-rpc.md §3.4 */
export const SUBACCOUNT_FLAGS = { read: 0x01, write: 0x02, delete: 0x04, anyPrefix: 0x08 } as const;

export const SUBACCOUNT_TOKEN_BYTES = 36;
const KEY_OFFSET = 4;

/** A key that acts for an account, and the owner's word for it. */
export interface Subaccount {
  /** 36 bytes: account prefix, flags, two reserved bytes, Ed25519 key of the delegate. */
  readonly token: Uint8Array;
  /** The owner's signature of the token, 64 bytes. */
  readonly signature: Uint8Array;
}

/** Whether the token is for accounts of this prefix and grants every one of the flags. */
export function tokenGrants(token: Uint8Array, accountPrefix: number, flags: number): boolean {
  const [prefix, granted = 0] = token;
  const fits = prefix === accountPrefix || (granted & SUBACCOUNT_FLAGS.anyPrefix) !== 0;
  return fits && (granted & flags) === flags;
}

/** The delegate's Ed25519 key, 32 bytes. */
export const delegateKey = (token: Uint8Array): Uint8Array => token.subarray(KEY_OFFSET, SUBACCOUNT_TOKEN_BYTES);
