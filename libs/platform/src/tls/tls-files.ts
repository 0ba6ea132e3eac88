import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { ConfigError } from '../config/config-error.js';
import { certificateFor, newP256Key, type TlsPair } from './certificate.js';

/**
 * The pair of the public listener: `cert.pem` and `key.pem` in the directory, made on first start. An operator may put
 * a pair of their own there. `setting` names the directory in a problem. Throws ConfigError.
 */
export function loadOrCreateTlsPair(directory: string, setting: string, nowMs: number): TlsPair {
  const certFile = join(directory, 'cert.pem');
  const keyFile = join(directory, 'key.pem');
  try {
    if (!existsSync(certFile)) makePair(directory, certFile, keyFile, nowMs);
    const pair = { certPem: readFileSync(certFile, 'utf8'), keyPem: readFileSync(keyFile, 'utf8') };
    createSecureContext({ cert: pair.certPem, key: pair.keyPem });
    return pair;
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable';
    throw new ConfigError([
      `${setting}: cert.pem and key.pem there cannot be used or made (${reason}); make the directory writable, or remove both files`,
    ]);
  }
}

/** A key that is there already is kept: a start that was cut short left it, or an operator did. */
function makePair(directory: string, certFile: string, keyFile: string, nowMs: number): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
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
