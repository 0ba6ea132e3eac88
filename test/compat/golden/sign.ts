import { createPrivateKey, sign as signDetached } from 'node:crypto';

/** PKCS#8 head of an Ed25519 private key; the 32-byte seed follows. Independent of our own signing code on purpose. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Ed25519 signature (64 bytes) by the key of a 64-digit seed. */
export function sign(seedHex: string, message: Uint8Array): Buffer {
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8_HEAD, Buffer.from(seedHex, 'hex')]),
    format: 'der',
    type: 'pkcs8',
  });
  return signDetached(null, message, key);
}
