import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { ConfigError } from '../config/config-error.js';
import { makeFolder } from '../make-folder.js';
import { certificateFor, newP256Key, type TlsPair } from './certificate.js';

/** The two files of a TLS pair, in PEM. */
export interface TlsPaths {
  readonly certFile: string;
  readonly keyFile: string;
}

export const tlsPathsIn = (directory: string): TlsPaths => ({
  certFile: join(directory, 'cert.pem'),
  keyFile: join(directory, 'key.pem'),
});

/** Throws what the system or OpenSSL says of files that hold no pair of a certificate and its key. */
export function readTlsPair({ certFile, keyFile }: TlsPaths): TlsPair {
  const pair = { certPem: readFileSync(certFile, 'utf8'), keyPem: readFileSync(keyFile, 'utf8') };
  // As bytes: an empty text Node passes over, and every handshake would fail for want of a certificate.
  createSecureContext({ cert: Buffer.from(pair.certPem), key: Buffer.from(pair.keyPem) });
  return pair;
}

/** The code of such a problem, for people: `ENOENT`, `ERR_OSSL_X509_KEY_VALUES_MISMATCH` and so on. */
export const tlsProblem = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'unreadable';

/**
 * The pair of the public listener: `cert.pem` and `key.pem` in the directory, made on first start. An operator may put
 * a pair of their own there. `setting` names the directory in a problem. Throws ConfigError.
 */
export function loadOrCreateTlsPair(directory: string, setting: string, nowMs: number): TlsPair {
  const paths = tlsPathsIn(directory);
  try {
    if (!existsSync(paths.certFile)) makePair(directory, paths, nowMs);
    return readTlsPair(paths);
  } catch (cause) {
    throw new ConfigError([
      `${setting}: cert.pem and key.pem there cannot be used or made (${tlsProblem(cause)}); make the directory writable, or remove both files`,
    ]);
  }
}

/** A key that is there already is kept: a start that was cut short left it, or an operator did. */
function makePair(directory: string, { certFile, keyFile }: TlsPaths, nowMs: number): void {
  makeFolder(directory);
  if (!existsSync(keyFile)) {
    writeWhole(keyFile, newP256Key().export({ format: 'pem', type: 'pkcs8' }).toString(), 0o600);
  }
  writeWhole(certFile, certificateFor(createPrivateKey(readFileSync(keyFile)), nowMs), 0o644);
}

/** Never a half-written file, whatever happens in between. */
function writeWhole(path: string, text: string, mode: number): void {
  writeFileSync(`${path}.new`, text, { mode });
  renameSync(`${path}.new`, path);
}
