/** An Ed25519 identity: the 32-byte seed and the 32-byte public key it yields. Back ends may cache per object. */
export interface Ed25519KeyPair {
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** `length` random bytes. Passed in, so that pure code stays repeatable in tests. */
export type RandomBytes = (length: number) => Uint8Array;

/**
 * The few primitives the protocol needs. Semantics are libsodium's in every back end: small-order and
 * non-canonical Ed25519 keys and signatures are refused, an all-zero X25519 result is refused.
 * Inputs of a wrong length are programming errors and throw; inputs that an attacker chooses and that do not
 * check out give `false` or `null`.
 */
export interface Primitives {
  /** Which back end this is, for the boot log. */
  readonly name: string;

  /** Public key (32 bytes) of a 32-byte seed. */
  ed25519PublicKey(seed: Uint8Array): Uint8Array;
  /** Detached signature, 64 bytes. */
  ed25519Sign(message: Uint8Array, key: Ed25519KeyPair): Uint8Array;
  /**
   * libsodium `crypto_sign_verify_detached`: also refuses small-order keys, small-order R and S >= L, and compares R
   * exactly, so that torsion in key or R is not forgiven.
   */
  ed25519Verify(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
  /** libsodium `crypto_sign_ed25519_pk_to_curve25519`; null for what is not a main-subgroup point. */
  ed25519ToX25519(publicKey: Uint8Array): Uint8Array | null;

  /** Public key (32 bytes) of a clamped or unclamped 32-byte secret. */
  x25519PublicKey(secretKey: Uint8Array): Uint8Array;
  /** Shared secret (32 bytes); null when it is all zero (low-order public key). */
  x25519(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array | null;

  /** Unsalted BLAKE2b over the parts one after the other; `digestBytes` 1..64, optional key of 1..64 bytes. */
  blake2b(parts: readonly Uint8Array[], digestBytes: number, key?: Uint8Array): Uint8Array;
  sha512(message: Uint8Array): Uint8Array;
  hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array;

  /** Ciphertext followed by the 16-byte tag. Key 32 bytes, nonce 12. */
  aes256GcmSeal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** Null when the tag does not match. */
  aes256GcmOpen(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | null;
  /** Ciphertext followed by the 16-byte tag. Key 32 bytes, nonce 24. */
  xchacha20Poly1305Seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** Null when the tag does not match. */
  xchacha20Poly1305Open(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Uint8Array | null;
  /** PKCS#7 padded. Key 32 bytes, iv 16. */
  aes256CbcEncrypt(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array): Uint8Array;
  /** Null when the length or the padding is wrong. */
  aes256CbcDecrypt(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array | null;
}
