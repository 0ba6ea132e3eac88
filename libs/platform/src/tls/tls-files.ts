import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { ConfigError } from '../config/config-error.js';
import { p256Certificate, type TlsPair } from './certificate.js';

/**
 * The pair of the public listener: `cert.pem` and `key.pem` in the directory, made on first start. An operator may put
 * a pair of their own there. `setting` names the directory in a problem. Throws ConfigError.
 */
export function loadOrCreateTlsPair(directory: string, setting: string, nowMs: number): TlsPair {
  const certFile = join(directory, 'cert.pem');
  const keyFile = join(directory, 'key.pem');
  try {
    if (!existsSync(certFile) || !existsSync(keyFile)) {
      const pair = p256Certificate(nowMs);
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      writeWhole(keyFile, pair.keyPem, 0o600);
      writeWhole(certFile, pair.certPem, 0o644);
    }
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

/** Never a half-written file, whatever happens in between. */
function writeWhole(path: string, text: string, mode: number): void {
  writeFileSync(`${path}.new`, text, { mode });
  renameSync(`${path}.new`, path);
}
