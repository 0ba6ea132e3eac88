import { readFileSync, statSync } from 'node:fs';
import { ConfigError } from './config/config-error.js';

const SEED_BYTES = 32;
/** Group and others must have no right at all: whoever reads the key can act as the node. */
const FORBIDDEN_MODE = 0o077;

/** A key file that cannot be used. */
export class KeyFileError extends ConfigError {}

/**
 * Reads a 32-byte Ed25519 seed from a file of 64 hex digits, or of the 32 bytes themselves.
 * `setting` is the name that the problem is reported under. Throws KeyFileError.
 */
export function loadSeedFile(path: string, setting: string): Uint8Array {
  const refuse = (problem: string): never => {
    throw new KeyFileError([`${setting}: ${problem}`]);
  };
  let bytes: Buffer;
  try {
    if ((statSync(path).mode & FORBIDDEN_MODE) !== 0) {
      return refuse(`others may read the key file; run chmod 600 on it`);
    }
    bytes = readFileSync(path);
  } catch (cause) {
    if (cause instanceof KeyFileError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    return refuse(`the key file cannot be read (${code}); make one with: starling keys new --out FILE`);
  }
  if (bytes.length === SEED_BYTES) return new Uint8Array(bytes);
  const text = bytes.toString('latin1').trim();
  if (/^[0-9a-f]{64}$/i.test(text)) return new Uint8Array(Buffer.from(text, 'hex'));
  return refuse('the key file must hold 64 hex digits, the Ed25519 seed of the node');
}
