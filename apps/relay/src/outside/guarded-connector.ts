import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { HostNames } from './host-names.js';
import { OwnAddresses } from './own-addresses.js';
import { isPublicAddress } from './public-address.js';

/** A stranger asked for a connection that would not leave for the public internet. */
export class RefusedAddress extends Error {
  readonly code = 'RELAY_REFUSED_ADDRESS';
}

export class UnknownHost extends Error {
  readonly code = 'RELAY_UNKNOWN_HOST';
}

/** A healthy name server answers in milliseconds, a far one in a second; the call as a whole has its own deadline. */
const RESOLVE_MS = 3_000;
const CONNECT_MS = 5_000;

/**
 * Opens the connections to outside servers, and is the only place that does. Each one goes to an address that was
 * looked at after the one and only resolution of the name, so that a second answer of a name server changes nothing.
 * TLS still names and verifies the host that was asked for. docs/protocol/onion.md §4.3.4
 */
export class GuardedConnector {
  constructor(
    private readonly names: HostNames,
    private readonly own: OwnAddresses,
    /** `host:port` pairs that may be called wherever they are (lower case, IPv6 in brackets). */
    private readonly allowed: ReadonlySet<string>,
    private readonly dial: buildConnector.connector = plainDialler(),
    /** Whether nothing but those may be called. */
    private readonly onlyAllowed = false,
  ) {}

  readonly connect: buildConnector.connector = (options, callback) => {
    this.addressFor(options.hostname, options.port || (options.protocol === 'https:' ? '443' : '80')).then(
      (address) => {
        const named = isIP(options.hostname) === 0;
        this.dial({ ...options, hostname: address, ...(named ? { servername: options.hostname } : {}) }, callback);
      },
      (cause: unknown) => callback(cause instanceof Error ? cause : new Error('connection refused'), null),
    );
  };

  /** Throws RefusedAddress or UnknownHost. */
  private async addressFor(hostname: string, port: string): Promise<string> {
    const authority = hostname.includes(':') ? `[${hostname}]:${port}` : `${hostname}:${port}`;
    const trusted = this.allowed.has(authority);
    if (!trusted && this.onlyAllowed) throw new RefusedAddress('not listed');
    const addresses = await this.addressesOf(hostname, trusted);
    const [first] = addresses;
    if (first === undefined) throw new UnknownHost('no address');
    // One inside address among public ones is how a name is turned against us, so it spoils them all.
    if (!trusted && !addresses.every((address) => this.isOutside(address))) throw new RefusedAddress('not outside');
    return first;
  }

  private async addressesOf(hostname: string, trusted: boolean): Promise<readonly string[]> {
    if (isIP(hostname) !== 0) return [hostname];
    return trusted ? this.names.resolveTrusted(hostname, RESOLVE_MS) : this.names.resolve(hostname, RESOLVE_MS);
  }

  private isOutside(address: string): boolean {
    return isPublicAddress(address) && !this.own.includes(address);
  }
}

/** Connects as asked. Certificates are verified against those that Node trusts. */
export function plainDialler(tls: { readonly ca?: string } = {}): buildConnector.connector {
  return buildConnector({
    ...tls,
    timeout: CONNECT_MS,
    maxCachedSessions: 0, // a resumed session would skip the certificate
    minVersion: 'TLSv1.2',
  });
}
