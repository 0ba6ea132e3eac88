import ipaddr from 'ipaddr.js';

/** What IANA hands out for the public internet; everything else in IPv6 is special, retired or not yet given out. */
const IPV6_GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Public in form only: on every machine of one large cloud it is the platform's own agent, with that machine's settings. */
const CLOUD_AGENT = '168.63.129.16';

/**
 * True only for addresses that belong to nobody's inside: not loopback, private, link-local (which holds most
 * metadata services of clouds), shared (CGNAT), multicast, reserved, documentation, or IPv6 forms that wrap an IPv4 address.
 * Takes textual addresses in the canonical forms (four decimal parts; RFC 4291), nothing else. docs/protocol/onion.md §4.3.4
 */
export function isPublicAddress(address: string): boolean {
  if (address === CLOUD_AGENT) return false;
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return ipaddr.IPv4.parse(address).range() === 'unicast';
  if (!ipaddr.IPv6.isValid(address) || address.includes('%')) return false;
  const parsed = ipaddr.IPv6.parse(address);
  return parsed.range() === 'unicast' && parsed.match(IPV6_GLOBAL_UNICAST);
}

/** The same address always yields the same text, so that two spellings can be compared; null when it is none. */
export function canonicalAddress(address: string): string | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return ipaddr.IPv4.parse(address).toString();
  return ipaddr.IPv6.isValid(address) ? ipaddr.IPv6.parse(address).toNormalizedString() : null;
}
