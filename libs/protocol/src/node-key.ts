import { bytesToHex } from './hex.js';
import type { Ed25519KeyPair, Primitives } from './primitives.js';

export interface X25519KeyPair {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

const SEED_BYTES = 32;

/** The identity of a node: one Ed25519 seed and the X25519 pair derived from it. docs/protocol/onion.md §1 */
export class NodeKey {
  readonly #ed25519: Ed25519KeyPair;
  readonly #x25519: X25519KeyPair;

  /** The node's name: its Ed25519 public key as 64 lower-case digits. */
  readonly id: string;

  private constructor(ed25519: Ed25519KeyPair, x25519: X25519KeyPair) {
    this.#ed25519 = ed25519;
    this.#x25519 = x25519;
    this.id = bytesToHex(ed25519.publicKey);
  }

  static fromSeed(seed: Uint8Array, p: Primitives): NodeKey {
    if (seed.length !== SEED_BYTES) throw new RangeError('a node key is a seed of 32 bytes');
    const secretKey = clamp(new Uint8Array(p.sha512(seed).subarray(0, 32)));
    return new NodeKey(
      { seed: new Uint8Array(seed), publicKey: p.ed25519PublicKey(seed) },
      { secretKey, publicKey: p.x25519PublicKey(secretKey) },
    );
  }

  get seed(): Uint8Array {
    return this.#ed25519.seed;
  }

  get ed25519(): Ed25519KeyPair {
    return this.#ed25519;
  }

  get x25519(): X25519KeyPair {
    return this.#x25519;
  }

  /** Printing a key by accident shows its public half only. */
  toString(): string {
    return `node ${this.id}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

function clamp(scalar: Uint8Array): Uint8Array {
  scalar[0] = (scalar[0] ?? 0) & 248;
  scalar[31] = ((scalar[31] ?? 0) & 127) | 64;
  return scalar;
}
