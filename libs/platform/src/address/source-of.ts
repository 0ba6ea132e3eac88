import ipaddr from 'ipaddr.js';
import { parseAddress } from './parse-address.js';

/** Whoever has one address of IPv6 usually has the whole /64 around it. */
const IPV6_SOURCE_BYTES = 8;

/**
 * Whom an address counts for: an IPv4 address for itself, also where IPv6 wraps it, and an IPv6 address for its /64.
 * What is no address (a connection that has just ended has none) is one source of its own. docs/protocol/storage-rpc.md §12.1
 */
export function sourceOf(address: string): string {
  if (!address.includes(':')) return address; // nearly all of them, at no cost
  const parsed = parseAddress(address);
  if (parsed === null) return '';
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return parsed
    .toByteArray()
    .slice(0, IPV6_SOURCE_BYTES)
    .map((byte) => String.fromCharCode(byte))
    .join('');
}
