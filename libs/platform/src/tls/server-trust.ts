import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError } from '../config/config-error.js';
import { tlsProblem } from './tls-files.js';

/** What Node says of a certificate that it does not take. */
const DISTRUST =
  /^(ERR_TLS_CERT_ALTNAME_INVALID|CERT_\w+|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_\w*(ISSUER|VERIFY|CERT)\w*)$/;

interface ServerTls {
  /** What the certificate must name; the driver of NATS does not say it where it is an address. */
  readonly host: string;
  readonly ca?: string;
}

/** For a server that must prove to be `hostname`. `setting` names the file in a problem. Throws ConfigError. */
export function tlsOptions(hostname: string, caFile: string | undefined, setting: string): ServerTls {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return { host, ...(caFile === undefined ? {} : { ca: readAuthority(caFile, setting) }) };
}

/** Certificates in PEM; `setting` names the file in a problem. Throws ConfigError. */
export function readAuthority(path: string, setting: string): string {
  try {
    const text = readFileSync(path, 'utf8');
    new X509Certificate(text); // throws when its first certificate is none
    return text;
  } catch (cause) {
    throw new ConfigError([
      `${setting}: the file cannot be read (${tlsProblem(cause)}); point it to a certificate in PEM`,
    ]);
  }
}

/** The code, when it was the certificate that a connection failed on; otherwise null. */
export function distrustOf(cause: unknown): string | null {
  for (let error = cause; typeof error === 'object' && error !== null; error = 'cause' in error ? error.cause : null) {
    if ('code' in error && typeof error.code === 'string' && DISTRUST.test(error.code)) return error.code;
  }
  return null;
}

export function distrustSentence(server: 'NATS' | 'Redis', where: string, code: string, prefix: string): string {
  const setting = `${prefix}${server.toUpperCase()}_CA_FILE`;
  return `${server} at ${where} shows a certificate that is not trusted (${code}); set ${setting} to the one that signed it, or have the certificate name this address`;
}
