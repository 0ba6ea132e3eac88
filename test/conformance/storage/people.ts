import { randomBytes } from 'node:crypto';
import { montgomeryOf, publicKeyOf, sign, swarmOf } from './oracle.js';

/** Who signs a request, and what the request says about that. */
export interface Signer {
  /** Members that name the account and the key: `pubkey`, `pubkey_ed25519`, `subaccount`, `subaccount_sig`. */
  readonly fields: Readonly<Record<string, string>>;
  /** 64 bytes. */
  signature(text: string | Uint8Array): Buffer;
}

/** What a token may permit: docs/protocol/storage-rpc.md §3.4. */
export const MAY = { read: 1, write: 2, delete: 4, anyPrefix: 8 } as const;

/** An account and the key that owns it. */
export class Owner implements Signer {
  readonly ed25519: string;
  readonly account: string;
  readonly fields: Readonly<Record<string, string>>;

  private constructor(
    readonly seed: string,
    readonly prefix: string,
    isConverted: boolean,
  ) {
    this.ed25519 = publicKeyOf(seed);
    this.account = prefix + (isConverted ? montgomeryOf(this.ed25519) : this.ed25519);
    this.fields = { pubkey: this.account, ...(isConverted ? { pubkey_ed25519: this.ed25519 } : {}) };
  }

  /** A person: an account `05` whose key is named beside it. */
  static person(): Owner {
    return Owner.#inOurSwarm((seed) => new Owner(seed, '05', true));
  }

  /** An account whose bytes are the key itself: a group `03`, or any other prefix. */
  static plain(prefix = '05'): Owner {
    return Owner.#inOurSwarm((seed) => new Owner(seed, prefix, false));
  }

  /** An account that the node's swarm does not keep. */
  static elsewhere(): Owner {
    return Owner.#grind((seed) => new Owner(seed, '05', false), 'other');
  }

  /** The same key under another prefix: another account of the same swarm. */
  as(prefix: string): Owner {
    return new Owner(this.seed, prefix, false);
  }

  signature(text: string | Uint8Array): Buffer {
    return sign(this.seed, Buffer.from(text));
  }

  /** Somebody who may act for this account: `flags` of MAY. `like` changes what the token says. */
  delegate(flags: number, like: { prefix?: string; seed?: string } = {}): Delegate {
    return new Delegate(this, flags, like.prefix ?? this.prefix, like.seed ?? newSeed());
  }

  static #inOurSwarm(make: (seed: string) => Owner): Owner {
    return Owner.#grind(make, 'ours');
  }

  /** One key in two or so is in the swarm. */
  static #grind(make: (seed: string) => Owner, swarm: ReturnType<typeof swarmOf>): Owner {
    for (;;) {
      const owner = make(newSeed());
      if (swarmOf(owner.account) === swarm) return owner;
    }
  }
}

/** Acts for an account by a token. */
export class Delegate implements Signer {
  readonly token: Buffer;
  readonly fields: Readonly<Record<string, string>>;

  constructor(
    readonly owner: Owner,
    flags: number,
    prefix: string,
    private readonly seed: string,
  ) {
    const head = Buffer.from([Number(`0x${prefix}`), flags, 0, 0]);
    this.token = Buffer.concat([head, Buffer.from(publicKeyOf(seed), 'hex')]);
    this.fields = {
      ...owner.fields,
      subaccount: this.token.toString('base64'),
      subaccount_sig: owner.signature(this.token).toString('base64'),
    };
  }

  signature(text: string | Uint8Array): Buffer {
    return sign(this.seed, Buffer.from(text));
  }
}

const newSeed = (): string => randomBytes(32).toString('hex');
