/** Ciphers of a layer, by the names used when forwarding. docs/protocol/onion.md §2.1 */
export type EncType = 'xchacha20' | 'aes-gcm' | 'aes-cbc';

/** What a layer that names no cipher is sealed with. */
export const DEFAULT_ENC_TYPE: EncType = 'aes-gcm';

const BY_NAME: ReadonlyMap<string, EncType> = new Map([
  ['xchacha20', 'xchacha20'],
  ['xchacha20-poly1305', 'xchacha20'],
  ['aes-gcm', 'aes-gcm'],
  ['gcm', 'aes-gcm'],
  ['aes-cbc', 'aes-cbc'],
  ['cbc', 'aes-cbc'],
]);

/** The cipher of a name, case sensitive; `undefined` (no name given) is AES-GCM, an unknown name is null. */
export function parseEncType(name: string | undefined): EncType | null {
  return name === undefined ? DEFAULT_ENC_TYPE : (BY_NAME.get(name) ?? null);
}
