import { scrypt } from 'node:crypto';
import { promisify } from 'node:util';

export const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** 128 MiB and about half a second for each guess. */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const;
/** What these parameters take, and a little more. */
const MAX_MEMORY_BYTES = 256 * 1_024 * 1_024;

const derive = promisify<string, Uint8Array, number, object, Buffer>(scrypt);

/** The key of a passphrase and a salt, for AES-256. docs/operators/cli.md */
export const keyFor = (passphrase: string, salt: Uint8Array): Promise<Buffer> =>
  derive(passphrase.normalize('NFKC'), salt, KEY_BYTES, { ...COST, maxmem: MAX_MEMORY_BYTES });
