import type { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import type { Standing } from '../readiness/standing.js';
import { canonicalAddress } from './public-address.js';

/** Where calls for strangers must not go although it may look public. A class of its own so that tests can choose it. */
export abstract class OwnAddresses {
  abstract includes(address: string): boolean;
}

/** An interface that claims more than a site has, as some tunnels do, says nothing about who is there. */
const WIDEST_PREFIX = { ipv4: 16, ipv6: 48 } as const;

/**
 * The addresses of this machine and its neighbours: whoever is on the same link is reached without passing what guards it
 * from outside. Read anew for each connection, a matter of microseconds against a handshake: interfaces come and go. The
 * announced address is not among them behind a NAT, where calling it would still end up at ourselves.
 */
export class MachineAddresses extends OwnAddresses {
  constructor(
    private readonly standing: Pick<Standing, 'self'>,
    private readonly interfaces: typeof networkInterfaces,
  ) {
    super();
  }

  override includes(address: string): boolean {
    const wanted = canonicalAddress(address);
    if (wanted === null) return false;
    if (wanted === this.standing.self?.ip) return true;
    return Object.values(this.interfaces())
      .flatMap((entries) => entries ?? [])
      .some((entry) => canonicalAddress(entry.address) === wanted || isInside(wanted, entry.cidr));
  }
}

/** `cidr`: as the system tells it, null where an interface has no proper mask. */
function isInside(address: string, cidr: string | null): boolean {
  if (cidr === null) return false;
  const parsed = ipaddr.parse(address);
  const [network, bits] = ipaddr.parseCIDR(cidr);
  return parsed.kind() === network.kind() && bits >= WIDEST_PREFIX[network.kind()] && parsed.match(network, bits);
}
