import { isIPv4 } from 'node:net';
import { z } from 'zod';
import { flagSetting } from './settings.js';

/** The servers that services talk to, as they stand in names of settings. */
const SERVERS = ['NATS', 'REDIS'] as const;
type ServerKind = (typeof SERVERS)[number];

const TLS_SCHEMES: Readonly<Record<ServerKind, string>> = { NATS: 'tls:', REDIS: 'rediss:' };

export const caSetting = (server: string) =>
  z
    .string()
    .min(1)
    .optional()
    .describe(`certificate, in PEM, of whoever signed that of the ${server} server; none: whoever this machine trusts`);

export const openServersSetting = () =>
  flagSetting(
    false,
    'talk to servers on other machines that ask for no password; only where nothing else reaches them',
  );

/**
 * Whatever is wrong with how a service is to get into its servers: without a password away from this machine, or with a
 * certificate that nothing would look at.
 */
export const accessProblems = (config: Readonly<Record<string, unknown>>, prefix: string): string[] =>
  SERVERS.filter((kind) => `${prefix}${kind}_URL` in config).flatMap((kind) => problemsWith(kind, config, prefix));

/** The address of a Redis Cluster is several, with commas between. */
function problemsWith(kind: ServerKind, config: Readonly<Record<string, unknown>>, prefix: string): string[] {
  const of = (name: string): unknown => config[`${prefix}${name}`];
  const urls = String(of(`${kind}_URL`))
    .split(',')
    .map((url) => new URL(url.trim()));
  const problems: string[] = [];
  const hasPassword = (url: URL): boolean => url.password !== '' || typeof of(`${kind}_PASSWORD`) === 'string';
  if (of('OPEN_SERVERS') !== true && urls.some((url) => !isLoopback(url.hostname) && !hasPassword(url))) {
    problems.push(
      `${prefix}${kind}_PASSWORD: is not set, and the server is on another machine, where anybody might use it; set it, ` +
        `or ${prefix}OPEN_SERVERS=true if nothing else reaches that server`,
    );
  }
  const scheme = TLS_SCHEMES[kind];
  if (of(`${kind}_CA_FILE`) !== undefined && urls.some(({ protocol }) => protocol !== scheme)) {
    problems.push(
      `${prefix}${kind}_CA_FILE: has no use, since the address does not begin with ${scheme}//; correct ${prefix}${kind}_URL, or remove it`,
    );
  }
  return problems;
}

/** Whether a server that lets anybody in is to be refused, whatever we have for it. */
export const mustAskForPassword = (url: string, areOpenServersAllowed: boolean): boolean =>
  !areOpenServersAllowed && !url.split(',').every((each) => isLoopback(new URL(each.trim()).hostname));

/** What leaves this machine by no cable. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'));
}
