import { bytesToHex, concatBytes, signingText, utf8, type Ed25519KeyPair, type Primitives } from '#protocol';
import type { Random } from './random.js';
import { Dict, type Tree } from './tree.js';

const TTL_MS = 86_400_000;
const NAMESPACES = [0, 1, 2, 11, -10, -11, -21, 32_767];
/** All that a delegate may do. */
const ALL_RIGHTS = 0x0f;
const OWNERS = 8;

/** A valid request; mutation begins here. */
export interface ValidRequest {
  readonly method: string;
  readonly params: Dict;
}

interface Owner {
  readonly pair: Ed25519KeyPair;
  readonly account: string;
}

type Fields = Readonly<Record<string, Tree | undefined>>;

/** Makes valid requests of every method, signed, for a few accounts whose messages it has stored itself. */
export class StorageRequests {
  readonly #owners: readonly Owner[];
  /** Hashes that a node gave, so that deletes and expiries find something. */
  readonly #hashes: string[] = [];

  constructor(
    private readonly primitives: Primitives,
    private readonly nowMs: () => number,
    random: Random,
  ) {
    this.#owners = Array.from({ length: OWNERS }, () => {
      const seed = new Uint8Array(random.bytes(32));
      const pair = { seed, publicKey: primitives.ed25519PublicKey(seed) };
      return { pair, account: `03${bytesToHex(pair.publicKey)}` };
    });
  }

  /** Of an answer to a store. */
  learn(hash: string): void {
    this.#hashes.push(hash);
    if (this.#hashes.length > 200) this.#hashes.shift();
  }

  next(random: Random, depth = 0): ValidRequest {
    const makers = depth < 3 ? { ...this.#simple, ...this.#nested(depth) } : this.#simple;
    const method = random.of(Object.keys(makers));
    return { method, params: makers[method]?.(random) ?? Dict.of({}) };
  }

  /** Only methods that a member passes on. */
  forwarded(random: Random): ValidRequest {
    const { method, params } = this.next(random, 3);
    return params.members.some(([name]) => name === 'signature') || method === 'store'
      ? { method, params }
      : this.forwarded(random);
  }

  readonly #simple: Readonly<Record<string, (random: Random) => Dict>> = {
    store: (random) => {
      const [namespace, timestamp] = [random.of(NAMESPACES), this.nowMs()];
      const data = random.bytes(random.of([0, 1, 100, 3_000]));
      const signed = signingText.store(namespace, timestamp);
      return this.#signed(random, signed, { namespace, timestamp, data, ttl: TTL_MS });
    },
    retrieve: (random) => {
      const [namespace, timestamp] = [random.of(NAMESPACES), this.nowMs()];
      const limits = { max_count: random.of([undefined, 1, 0, -1]), max_size: random.of([undefined, -1, 500, -5]) };
      const last_hash = random.of([undefined, this.#hash(random), '']);
      return this.#signed(random, signingText.retrieve(namespace, timestamp), {
        namespace,
        timestamp,
        last_hash,
        ...limits,
      });
    },
    delete: (random) => {
      const messages = this.#someHashes(random);
      const required = random.of([undefined, true, false]);
      return this.#signed(random, signingText.delete(messages), { messages, required });
    },
    delete_all: (random) => this.#scoped(random, (scope, at) => signingText.deleteAll(scope, at), 'timestamp'),
    delete_before: (random) => this.#scoped(random, (scope, at) => signingText.deleteBefore(scope, at), 'before'),
    expire_all: (random) => this.#scoped(random, (scope, at) => signingText.expireAll(scope, at), 'expiry'),
    expire: (random) => {
      const messages = this.#someHashes(random);
      const mode = random.of(['shorten', 'extend', ''] as const);
      const expiry = this.nowMs() + random.of([1_000, TTL_MS]);
      const flag = mode === '' ? {} : { [mode]: true };
      return this.#signed(random, signingText.expire(mode, [expiry], messages), { messages, expiry, ...flag });
    },
    get_expiries: (random) => {
      const [messages, timestamp] = [this.#someHashes(random), this.nowMs()];
      return this.#signed(random, signingText.getExpiries(timestamp, messages), { messages, timestamp });
    },
    revoke_subaccount: (random) => this.#tokens(random, 'revoke'),
    unrevoke_subaccount: (random) => this.#tokens(random, 'unrevoke'),
    get_swarm: (random) => Dict.of({ pubkey: random.of(this.#owners).account }),
    get_snodes_for_pubkey: (random) => Dict.of({ pubKey: random.of(this.#owners).account }),
    info: () => Dict.of({}),
    active_nodes_bin: () => Dict.of({}),
    oxend_request: (random) => {
      const fields = Dict.of({ public_ip: true, pubkey_x25519: true, swarm_id: true });
      const params = Dict.of({ active_only: true, limit: 2, fields });
      return Dict.of({ endpoint: random.of(['get_service_nodes', 'ons_resolve']), params });
    },
  };

  #nested(depth: number): Readonly<Record<string, (random: Random) => Dict>> {
    const inner = (random: Random, at: number): Dict => Dict.of({ ...this.next(random, at) });
    const several = (random: Random): Dict =>
      Dict.of({ requests: Array.from({ length: 1 + random.below(4) }, () => inner(random, 3)) });
    return {
      batch: several,
      sequence: several,
      ifelse: (random) => {
        const conditions = Dict.of({ hf_at_least: [19, random.below(9)], height_before: random.below(5) });
        return Dict.of({ if: conditions, then: inner(random, depth + 1), else: inner(random, depth + 1) });
      },
    };
  }

  #scoped(random: Random, text: (scope: number | 'all', at: number) => Uint8Array, name: string): Dict {
    const [namespace, at] = [random.of([...NAMESPACES, 'all' as const]), this.nowMs()];
    return this.#signed(random, text(namespace, at), { namespace, [name]: at });
  }

  #tokens(random: Random, name: 'revoke' | 'unrevoke'): Dict {
    const timestamp = this.nowMs();
    const tokens = Array.from({ length: 1 + random.below(3) }, () =>
      Buffer.concat([Buffer.of(3, ALL_RIGHTS, 0, 0), random.bytes(32)]),
    );
    const text = name === 'revoke' ? signingText.revokeSubaccount : signingText.unrevokeSubaccount;
    return this.#signed(random, text(timestamp, tokens), { [name]: tokens, timestamp }, false);
  }

  /** By the owner, or by a delegate where that is allowed. */
  #signed(random: Random, text: Uint8Array, fields: Fields, mayDelegate = true): Dict {
    const { pair, account } = random.of(this.#owners);
    const sign = (bytes: Uint8Array, key: Ed25519KeyPair): Uint8Array => this.primitives.ed25519Sign(bytes, key);
    if (!mayDelegate || random.chance(0.7)) return Dict.of({ pubkey: account, ...fields, signature: sign(text, pair) });
    const seed = new Uint8Array(32).fill(random.below(256));
    const delegate = { seed, publicKey: this.primitives.ed25519PublicKey(seed) };
    const subaccount = concatBytes(Uint8Array.of(3, ALL_RIGHTS, 0, 0), delegate.publicKey);
    const signatures = { signature: sign(text, delegate), subaccount_sig: sign(subaccount, pair) };
    return Dict.of({ pubkey: account, ...fields, subaccount, ...signatures });
  }

  #hash(random: Random): string {
    return this.#hashes.length > 0 && random.chance(0.8)
      ? random.of(this.#hashes)
      : bytesToBase64(utf8('x'.repeat(32)));
  }

  #someHashes(random: Random): string[] {
    return Array.from({ length: 1 + random.below(4) }, () => this.#hash(random));
  }
}

const bytesToBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').slice(0, 43);
