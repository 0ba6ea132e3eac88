import { utf8 } from '#protocol';
import type { Primitives } from '#protocol';
import type { X25519KeyPair } from '../account/account.js';
import { isBytes, isSignedDict, readDict } from '../signed-dict.js';

/** docs/protocol/client-messages.md §5, "Keys namespace". */
const ADMIN_DOMAIN = utf8('SessionGroupKeyAdminKey');
const MEMBER_DOMAIN = utf8('SessionGroupKeyMemberKey');
const KEY_BYTES = 32;
const NONCE_BYTES = 24;
const SEALED_KEY_BYTES = 48;

/** A group key, sealed for the admins and for every member. */
export interface GroupKeysMessage {
  readonly generation: number;
  readonly nonce: Uint8Array;
  readonly forAdmins: Uint8Array;
  /** A multiple of 75, filled up with junk: their number says little about the members. */
  readonly forMembers: readonly Uint8Array[];
}

/** Reads a full message that the group's Ed25519 key signed; null for any other, supplemental ones too. */
export function parseGroupKeys(
  primitives: Primitives,
  groupKey: Uint8Array,
  message: Uint8Array,
): GroupKeysMessage | null {
  const dict = readDict(message);
  if (!dict || !isSignedDict(primitives, message, dict, groupKey)) return null;
  const { '#': nonce, G: generation, K: forAdmins, k: list } = Object.fromEntries(dict);
  if (!isBytes(nonce, NONCE_BYTES) || !isBytes(forAdmins, SEALED_KEY_BYTES) || typeof generation !== 'number')
    return null;
  if (!Array.isArray(list) || !list.every((item) => isBytes(item, SEALED_KEY_BYTES))) return null;
  return { generation, nonce, forAdmins, forMembers: list };
}

/** The group key (32 bytes) for the holder of the group's seed; null when it does not open. */
export function groupKeyForAdmin(
  primitives: Primitives,
  message: GroupKeysMessage,
  groupSeed: Uint8Array,
): Uint8Array | null {
  const key = primitives.blake2b([groupSeed], KEY_BYTES, ADMIN_DOMAIN);
  return primitives.xchacha20Poly1305Open(key, message.nonce, message.forAdmins);
}

/** What the group key is sealed with for one member; null for an unusable group key. `groupKey` is Ed25519. */
export function memberSealingKey(
  primitives: Primitives,
  groupKey: Uint8Array,
  member: X25519KeyPair,
): Uint8Array | null {
  const groupX25519 = primitives.ed25519ToX25519(groupKey);
  const shared = groupX25519 && primitives.x25519(member.secretKey, groupX25519);
  if (!groupX25519 || !shared) return null;
  return primitives.blake2b([shared, groupX25519, member.publicKey], KEY_BYTES, MEMBER_DOMAIN);
}

/** The group key (32 bytes) for a member; null when none of the entries is for this one. */
export function groupKeyForMember(
  primitives: Primitives,
  message: GroupKeysMessage,
  groupKey: Uint8Array,
  member: X25519KeyPair,
): Uint8Array | null {
  const key = memberSealingKey(primitives, groupKey, member);
  if (!key) return null;
  for (const sealed of message.forMembers) {
    const opened = primitives.xchacha20Poly1305Open(key, message.nonce, sealed);
    if (opened) return opened;
  }
  return null;
}
