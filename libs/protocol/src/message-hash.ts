import type { AccountId } from './account-id.js';
import { encodeBase64Unpadded } from './base64.js';
import { utf8 } from './hex.js';
import { namespaceText } from './namespaces.js';
import type { Primitives } from './primitives.js';

const DIGEST_BYTES = 32;
export const MESSAGE_HASH_CHARS = 43;

/** The name of a message, 43 characters: it binds account, namespace and data. docs/protocol/storage-rpc.md §5.1 */
export function messageHash(p: Primitives, account: AccountId, namespace: number, data: Uint8Array): string {
  return encodeBase64Unpadded(p.blake2b([account.bytes, utf8(namespaceText(namespace)), data], DIGEST_BYTES));
}
