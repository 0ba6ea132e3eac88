import { randomBytes } from 'node:crypto';
import { nativePrimitives, SystemClock } from '#platform';
import { bytesToHex, signingText, type Ed25519KeyPair } from '#protocol';

/** Messages of a group: the account's own key is the key that signs, so that a request costs one verification. */
export const NAMESPACE = 11;
const TTL_MS = 86_400_000;

const primitives = nativePrimitives();
const clock = new SystemClock();

/** Somebody whose requests are signed. */
export interface Owner {
  readonly pair: Ed25519KeyPair;
  /** 66 hex digits. */
  readonly account: string;
}

export function anOwner(): Owner {
  const seed = new Uint8Array(randomBytes(32));
  const pair = { seed, publicKey: primitives.ed25519PublicKey(seed) };
  return { pair, account: `03${bytesToHex(pair.publicKey)}` };
}

/** An envelope with a signed `store` of a new message. */
export function storeEnvelope({ account, pair }: Owner, dataBytes: number): Buffer {
  const timestamp = clock.now();
  const data = randomBytes(dataBytes).toString('base64');
  const signature = signed(pair, signingText.store(NAMESPACE, timestamp));
  return envelope('store', { pubkey: account, namespace: NAMESPACE, timestamp, ttl: TTL_MS, data, signature });
}

/** An envelope with a `store` into the inbox, as strangers send it: unsigned. */
export function inboxStoreEnvelope({ account }: Owner, dataBytes: number): Buffer {
  const data = randomBytes(dataBytes).toString('base64');
  return envelope('store', { pubkey: account, timestamp: clock.now(), ttl: TTL_MS, data });
}

/** An envelope with a signed `retrieve` from the beginning. */
export function retrieveEnvelope({ account, pair }: Owner, namespace = NAMESPACE, limits: object = {}): Buffer {
  const timestamp = clock.now();
  const signature = signed(pair, signingText.retrieve(namespace, timestamp));
  return envelope('retrieve', { pubkey: account, namespace, timestamp, signature, ...limits });
}

const signed = (pair: Ed25519KeyPair, text: Uint8Array): string =>
  Buffer.from(primitives.ed25519Sign(text, pair)).toString('base64');

const envelope = (method: string, params: object): Buffer => Buffer.from(JSON.stringify({ method, params }));

/** An owner for every `perOwner` messages, the same for requests that come close together. */
export class Owners {
  readonly all: Owner[] = [];
  #left = 0;

  constructor(
    private readonly perOwner: number,
    private readonly make: () => Owner = anOwner,
  ) {}

  next(): Owner {
    let owner = this.all.at(-1);
    if (owner === undefined || this.#left === 0) {
      owner = this.make();
      this.all.push(owner);
      this.#left = this.perOwner;
    }
    this.#left -= 1;
    return owner;
  }
}
