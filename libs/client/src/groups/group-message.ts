import { bencode, bytesToHex, concatBytes } from '#protocol';
import type { BValue, Primitives, RandomBytes } from '#protocol';
import type { Account } from '../account/account.js';
import { zstdDecompress } from '../compression/zstd.js';
import { isBytes, readDict } from '../signed-dict.js';

/** docs/protocol/client-messages.md §5, "Messages". */
const VERSION = 1;
const NONCE_BYTES = 24;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const STEP_BYTES = 256;
const MAX_DATA_BYTES = 1_000_000;
const USER_PREFIX = '05';

export interface GroupMessage {
  /** Account ID that the signature proves. */
  readonly authorId: string;
  /** The envelope, type 7, whose content is not sealed again. */
  readonly envelope: Uint8Array;
}

/** What is stored for a group: signed by its author, encrypted with the group key (32 bytes), padded to 256. */
export function sealGroupMessage(
  primitives: Primitives,
  random: RandomBytes,
  message: { readonly groupKey: Uint8Array; readonly author: Account; readonly envelope: Uint8Array },
): Uint8Array {
  const { groupKey, author, envelope } = message;
  const dict = bencode({
    '': VERSION,
    a: author.ed25519.publicKey,
    d: envelope,
    s: primitives.ed25519Sign(envelope, author.ed25519),
  });
  const overhead = NONCE_BYTES + TAG_BYTES;
  const total = Math.ceil((dict.length + overhead) / STEP_BYTES) * STEP_BYTES;
  const padded = new Uint8Array(total - overhead);
  padded.set(dict);
  const nonce = random(NONCE_BYTES);
  return concatBytes(nonce, primitives.xchacha20Poly1305Seal(groupKey, nonce, padded));
}

/** Tries the group keys one after the other, the newest first; null for what none of them opens or proves. */
export function openGroupMessage(
  primitives: Primitives,
  groupKeys: readonly Uint8Array[],
  stored: Uint8Array,
): GroupMessage | null {
  if (stored.length < NONCE_BYTES + TAG_BYTES) return null;
  const nonce = stored.slice(0, NONCE_BYTES);
  const sealed = stored.subarray(NONCE_BYTES);
  for (const key of groupKeys) {
    const padded = primitives.xchacha20Poly1305Open(key, nonce, sealed);
    if (padded) return readMessage(primitives, padded);
  }
  return null;
}

function readMessage(primitives: Primitives, padded: Uint8Array): GroupMessage | null {
  const end = padded.findLastIndex((byte) => byte !== 0) + 1;
  const dict = readDict(padded.subarray(0, end));
  const author = copyOf(dict?.get('a'), KEY_BYTES);
  const signature = copyOf(dict?.get('s'), SIGNATURE_BYTES);
  const plain = copyOf(dict?.get('d'));
  const compressed = copyOf(dict?.get('z'));
  const signed = plain ?? compressed;
  if (dict?.get('') !== VERSION || !author || !signature || !signed) return null;
  if (!primitives.ed25519Verify(signature, signed, author)) return null;

  const authorX25519 = primitives.ed25519ToX25519(author);
  const envelope = plain ?? zstdDecompress(signed, MAX_DATA_BYTES);
  if (!authorX25519 || !envelope) return null;
  return { authorId: USER_PREFIX + bytesToHex(authorX25519), envelope };
}

function copyOf(value: BValue | undefined, length?: number): Uint8Array | null {
  return isBytes(value, length) ? value.slice() : null;
}
