const ALPHABET = 'ybndrfg8ejkmcpqxot1uwisza345h769';

/** z-base-32 without padding: the `.snode` form of a node's public key. */
export function encodeBase32z(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xfff; // at most 4 bits are left over from before
    held += 8;
    while (held >= 5) {
      held -= 5;
      text += ALPHABET.charAt((bits >> held) & 31);
    }
  }
  return held === 0 ? text : text + ALPHABET.charAt((bits << (5 - held)) & 31);
}
