import { bytesToHex, concatBytes, utf8 } from '#protocol';
import type { Primitives, RandomBytes } from '#protocol';
import { clampedSecret } from '../account/account.js';
import type { Account, X25519KeyPair } from '../account/account.js';
import { openSealedBox, SEAL_OVERHEAD_BYTES, sealBox } from './sealed-box.js';

/** docs/protocol/client-messages.md §2.4: what follows the padded content inside the box. */
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const PROOF_BYTES = KEY_BYTES + SIGNATURE_BYTES;
const MIN_SEALED_BYTES = SEAL_OVERHEAD_BYTES + PROOF_BYTES;
const EPHEMERAL_DOMAIN = utf8('SessionBoxEphemeralHashKey');
const USER_PREFIX = '05';

export interface SealedFor {
  /** X25519 public key of the recipient, 32 bytes. */
  readonly recipient: Uint8Array;
  readonly sender: Account;
  readonly padded: Uint8Array;
}

/** Signs for one recipient and seals with a fresh key; null when the recipient's key is of low order. */
export function encryptForRecipient(
  primitives: Primitives,
  random: RandomBytes,
  message: SealedFor,
): Uint8Array | null {
  const secretKey = random(KEY_BYTES);
  const ephemeral = { secretKey, publicKey: primitives.x25519PublicKey(secretKey) };
  return sealBox(primitives, signedPlaintext(primitives, message), message.recipient, ephemeral);
}

/**
 * The same, with an ephemeral key that follows from the content: equal configs of two devices become equal bytes.
 * For configs only; for messages it would show a node which of them are equal.
 */
export function encryptDeterministically(primitives: Primitives, message: SealedFor): Uint8Array | null {
  const ephemeral = deterministicEphemeral(primitives, message);
  return sealBox(primitives, signedPlaintext(primitives, message), message.recipient, ephemeral);
}

function deterministicEphemeral(primitives: Primitives, { sender, recipient, padded }: SealedFor): X25519KeyPair {
  const seed = primitives.blake2b([sender.ed25519.seed, recipient, padded], KEY_BYTES, EPHEMERAL_DOMAIN);
  const secretKey = clampedSecret(primitives.sha512(seed));
  return { secretKey, publicKey: primitives.x25519PublicKey(secretKey) };
}

function signedPlaintext(primitives: Primitives, { sender, recipient, padded }: SealedFor): Uint8Array {
  const senderKey = sender.ed25519.publicKey;
  // The recipient's key is signed too: a box opened and sealed again for somebody else does not verify.
  const signature = primitives.ed25519Sign(concatBytes(padded, senderKey, recipient), sender.ed25519);
  return concatBytes(padded, senderKey, signature);
}

export interface OpenedMessage {
  readonly padded: Uint8Array;
  /** Ed25519 public key that signed, 32 bytes. */
  readonly senderKey: Uint8Array;
  /** The Account ID this key belongs to. */
  readonly senderId: string;
}

export type OpenFailure = 'too_short' | 'seal_open_fails' | 'signature_fails';

/** Opens with the reader's keys and proves the sender, or says which step failed. */
export function decryptForReader(
  primitives: Primitives,
  sealed: Uint8Array,
  reader: Account,
): OpenedMessage | OpenFailure {
  if (sealed.length < MIN_SEALED_BYTES) return 'too_short';
  const opened = openSealedBox(primitives, sealed, reader.x25519);
  if (!opened) return 'seal_open_fails';

  const padded = opened.subarray(0, opened.length - PROOF_BYTES);
  const senderKey = opened.slice(padded.length, padded.length + KEY_BYTES);
  const signature = opened.slice(padded.length + KEY_BYTES);
  const signed = concatBytes(padded, senderKey, reader.x25519.publicKey);
  if (!primitives.ed25519Verify(signature, signed, senderKey)) return 'signature_fails';
  const senderX25519 = primitives.ed25519ToX25519(senderKey);
  if (!senderX25519) return 'signature_fails';
  return { padded, senderKey, senderId: USER_PREFIX + bytesToHex(senderX25519) };
}
