import { bytesToHex, noblePrimitives } from '#protocol';
import type { Ed25519KeyPair, Primitives, RandomBytes } from '#protocol';
import { decodeMnemonic, encodeMnemonic, ENTROPY_BYTES } from './mnemonic.js';

/** An X25519 pair, 32 bytes each; the secret is clamped. */
export interface X25519KeyPair {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

const SEED_BYTES = 32;
const KEY_BYTES = 32;
const USER_PREFIX = '05';
const SHOWN_AS = 'account';

/** A Session account: everything follows from 16 bytes of entropy. docs/protocol/client-messages.md §1.1 */
export class Account {
  /** `05` and the 64 lower-case hex digits of the X25519 public key. */
  readonly id: string;
  readonly ed25519: Ed25519KeyPair;
  readonly x25519: X25519KeyPair;
  readonly #entropy: Uint8Array;

  private constructor(entropy: Uint8Array, primitives: Primitives) {
    const seed = new Uint8Array(SEED_BYTES); // the second half stays zero
    seed.set(entropy);
    const secretKey = clampedSecret(primitives.sha512(seed));
    this.#entropy = new Uint8Array(entropy);
    this.ed25519 = { seed, publicKey: primitives.ed25519PublicKey(seed) };
    this.x25519 = { publicKey: primitives.x25519PublicKey(secretKey), secretKey };
    this.id = USER_PREFIX + bytesToHex(this.x25519.publicKey);
  }

  static generate(random: RandomBytes, primitives: Primitives = noblePrimitives): Account {
    return new Account(random(ENTROPY_BYTES), primitives);
  }

  /** Throws MnemonicError, which says what is wrong with the phrase. */
  static fromMnemonic(phrase: string, primitives: Primitives = noblePrimitives): Account {
    return new Account(decodeMnemonic(phrase), primitives);
  }

  /** The recovery phrase: whoever reads it owns the account. */
  mnemonic(): string {
    return encodeMnemonic(this.#entropy);
  }

  /** Printing an account by accident shows neither its keys nor who it is. */
  toString(): string {
    return SHOWN_AS;
  }

  toJSON(): string {
    return SHOWN_AS;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return SHOWN_AS;
  }
}

/** libsodium `crypto_sign_ed25519_sk_to_curve25519`: the first half of SHA-512(seed), clamped. */
export function clampedSecret(hashOfSeed: Uint8Array): Uint8Array {
  const secret = new Uint8Array(hashOfSeed.subarray(0, KEY_BYTES)); // a copy, whatever kind of bytes
  secret[0] = (secret[0] ?? 0) & 248;
  secret[31] = ((secret[31] ?? 0) & 127) | 64;
  return secret;
}
