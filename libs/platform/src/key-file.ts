import { readFileSync, statSync } from 'node:fs';
import { ConfigError } from './config/config-error.js';

const SEED_BYTES = 32;
const SEED_TEXT = /^[0-9a-f]{64}$/i;
/** 64 digits and an end of line; anything longer is another file. */
const MAX_BYTES = 256;
/** Group and others must have no right at all: whoever reads the key can act as the node. */
const FORBIDDEN_MODE = 0o077;

/** A key file that cannot be used. */
export class KeyFileError extends ConfigError {}

/**
 * Reads a 32-byte Ed25519 seed from a file of 64 hex digits, or of the 32 bytes themselves.
 * `setting` is the name that the problem is reported under. Throws KeyFileError.
 */
export function loadSeedFile(path: string, setting: string): Uint8Array {
  const read = bytesOf(path);
  const seed = typeof read === 'string' ? read : seedIn(read);
  if (typeof seed === 'string') throw new KeyFileError([`${setting}: ${seed}`]);
  return seed;
}

/** The bytes, or what is wrong and what to do. */
function bytesOf(path: string): Buffer | string {
  if (SEED_TEXT.test(path))
    return 'holds a key itself, for all to see who see settings; put that into a file and name it';
  try {
    const file = statSync(path);
    if (!file.isFile()) return 'the key file is no plain file; point it to one';
    const { mode, size } = file;
    if ((mode & FORBIDDEN_MODE) !== 0) return 'others may read the key file; run chmod 600 on it';
    return size > MAX_BYTES ? NO_SEED : readFileSync(path);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    switch (code) {
      case 'ENOENT':
        return 'the key file does not exist; make one with: starling keys new --out FILE';
      case 'EACCES':
        return 'this user may not read the key file; give it to the user that the service runs as';
      default:
        return `the key file cannot be read (${code}); it must be a plain file`;
    }
  }
}

const NO_SEED = 'the key file must hold 64 hex digits, the Ed25519 seed of the node; correct it or make another';

function seedIn(bytes: Buffer): Uint8Array | string {
  if (bytes.length === SEED_BYTES) return new Uint8Array(bytes);
  const text = bytes.toString('latin1').trim();
  return SEED_TEXT.test(text) ? new Uint8Array(Buffer.from(text, 'hex')) : NO_SEED;
}
