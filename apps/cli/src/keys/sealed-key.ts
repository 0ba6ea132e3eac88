import { createCipheriv, createDecipheriv } from 'node:crypto';
import { z } from 'zod';
import type { RandomBytes } from '#protocol';
import { ConfigurationProblem, Problem } from '../problems.js';
import { keyFor, SALT_BYTES } from './passphrase-key.js';

const FORMAT = 'starling-key';
const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEED_BYTES = 32;

const base64 = (bytes: number) =>
  z
    .base64()
    .transform((text) => Buffer.from(text, 'base64'))
    .refine((read) => read.length === bytes);
const sealedFile = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  ed25519: z.string().regex(/^[0-9a-f]{64}$/),
  salt: base64(SALT_BYTES),
  nonce: base64(NONCE_BYTES),
  sealed: base64(SEED_BYTES + TAG_BYTES),
});

/** A seed under a passphrase; `ed25519`, its public key, stands open and is authenticated. docs/operators/cli.md */
export async function sealKey(
  seed: Uint8Array,
  ed25519: string,
  passphrase: string,
  random: RandomBytes,
): Promise<string> {
  const [salt, nonce] = [random(SALT_BYTES), random(NONCE_BYTES)];
  const cipher = createCipheriv('aes-256-gcm', await keyFor(passphrase, salt), nonce).setAAD(boundTo(ed25519));
  const sealed = Buffer.concat([cipher.update(seed), cipher.final(), cipher.getAuthTag()]);
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const file = {
    format: FORMAT,
    version: VERSION,
    ed25519,
    salt: text(salt),
    nonce: text(nonce),
    sealed: text(sealed),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * The seed, and the public key that the file names. `where` names the file. Throws ConfigurationProblem for what is no
 * such file or another version, Problem when the passphrase does not open it.
 */
export async function openKey(
  text: string,
  passphrase: string,
  where: string,
): Promise<{ seed: Uint8Array; ed25519: string }> {
  const { ed25519, salt, nonce, sealed } = readSealed(text, where);
  const decipher = createDecipheriv('aes-256-gcm', await keyFor(passphrase, salt), nonce)
    .setAAD(boundTo(ed25519))
    .setAuthTag(sealed.subarray(SEED_BYTES));
  try {
    return { seed: Buffer.concat([decipher.update(sealed.subarray(0, SEED_BYTES)), decipher.final()]), ed25519 };
  } catch {
    throw new Problem(`${where} does not open: the passphrase is wrong, or somebody changed the file.`);
  }
}

function readSealed(text: string, where: string): z.infer<typeof sealedFile> {
  try {
    return sealedFile.parse(JSON.parse(text));
  } catch {
    throw new ConfigurationProblem(`${where} is no exported key of version ${VERSION}, or it is damaged.`);
  }
}

const boundTo = (ed25519: string): Buffer => Buffer.from(`${FORMAT} ${VERSION} ${ed25519}`);
