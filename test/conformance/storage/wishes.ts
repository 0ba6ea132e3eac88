import type { Bencodable } from '#protocol';
import type { Owner, Signer } from './people.js';

export type Fields = Readonly<Record<string, Bencodable>>;

/** What a subscription says besides who it is for. */
export interface Wish {
  readonly n: number[];
  readonly d: 0 | 1;
  /** Seconds. */
  readonly t: number;
}

export const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

export const aWish = (changes: Partial<Wish> = {}): Wish => ({ n: [-5, 0, 23], d: 1, t: nowSeconds(), ...changes });

/** docs/protocol/storage-rpc.md §10 */
const textOf = (account: string, { n, d, t }: Wish): string => `MONITOR${account}${t}${d}${n.join(',')}`;

/** The two ways to say who an account is. */
export const byAccount = ({ account: hex }: Owner): Fields => ({ p: Buffer.from(hex, 'hex') });
export const byKey = ({ ed25519 }: Owner): Fields => ({ P: Buffer.from(ed25519, 'hex') });

/** A subscription by the owner, or by whoever signs for the owner. */
export const subscription = (owner: Owner, who = byAccount(owner), wish = aWish(), signer: Signer = owner): Fields => ({
  ...who,
  ...wish,
  s: signer.signature(textOf(owner.account, wish)),
});

/** What was answered to a subscription that was granted. */
export const SUCCESS = 'd7:successi1ee';
