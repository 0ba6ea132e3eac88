import { concatBytes } from '#protocol';
import type { Primitives, RandomBytes } from '#protocol';

/** docs/protocol/client-messages.md §7.1, the form that every app reads. */
const IV_BYTES = 12;
const KEY_BYTES = 32;

/** The blob to upload and the 32-byte key that goes out with the profile. */
export function sealProfilePicture(
  primitives: Primitives,
  random: RandomBytes,
  picture: Uint8Array,
): { readonly blob: Uint8Array; readonly key: Uint8Array } {
  const key = random(KEY_BYTES);
  const iv = random(IV_BYTES);
  return { blob: concatBytes(iv, primitives.aes256GcmSeal(key, iv, picture)), key };
}

/** Null for another key or a changed blob. */
export function openProfilePicture(primitives: Primitives, blob: Uint8Array, key: Uint8Array): Uint8Array | null {
  if (key.length !== KEY_BYTES || blob.length < IV_BYTES) return null;
  return primitives.aes256GcmOpen(key, blob.slice(0, IV_BYTES), blob.subarray(IV_BYTES));
}
