/** Longest DNS name; a host is a bare name or an address, nothing else fits either. docs/protocol/onion.md §4.3.2. */
const MAX_HOST_CHARACTERS = 253;
/** Known targets have 15 characters; the bound keeps request lines within what any HTTP server reads. */
const MAX_TARGET_CHARACTERS = 1024;

const LABEL = '[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?';
const DNS_NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
/** A name whose last label is a number is an address to every resolver, in some spelling: 127.1, 0x7f.1, 2130706433. */
const ENDS_IN_NUMBER = /(?:^|\.)(?:[0-9]+|0[xX][0-9a-fA-F]*)$/;
const IPV6_GROUP = /^[0-9a-fA-F]{1,4}$/;
const IPV6_GROUPS = 8;

/** True when this host and target may be asked for at all; what the host resolves to is the caller's to check. */
export function isAllowedServer(host: string, target: string): boolean {
  return isPlainHost(host) && isPlainTarget(target);
}

/** The rule every node has for a target. docs/protocol/onion.md §4.3.3 */
export function isServerTarget(target: string): boolean {
  return /^\/(?:loki|oxen)\//.test(target) && target.endsWith('/lsrpc') && !target.includes('?');
}

/** docs/protocol/onion.md §4.3.3: nothing that an HTTP library could read as another path than the one checked. */
function isPlainTarget(target: string): boolean {
  return (
    target.length <= MAX_TARGET_CHARACTERS &&
    isServerTarget(target) &&
    /^[!-~]+$/.test(target) &&
    !/[#%\\]|\/\//.test(target) &&
    !target.split('/').includes('..')
  );
}

/** A bare DNS name, an IPv4 address, or an IPv6 address in brackets: no port, user, path or blank can hide in it. */
function isPlainHost(host: string): boolean {
  if (host.length > MAX_HOST_CHARACTERS) return false;
  if (host.startsWith('[')) return host.endsWith(']') && isIpv6(host.slice(1, -1));
  return ENDS_IN_NUMBER.test(host) ? IPV4.test(host) : DNS_NAME.test(host);
}

function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const counts = halves.map((half, i) => countIpv6Groups(half, i === halves.length - 1));
  const total = counts.reduce((sum, count) => sum + count, 0);
  return halves.length === 2 ? total < IPV6_GROUPS : total === IPV6_GROUPS;
}

/** Groups of 16 bits in one side of `::`; NaN, which fits no total, when one is malformed. */
function countIpv6Groups(text: string, mayEndInIpv4: boolean): number {
  if (text === '') return 0;
  const groups = text.split(':');
  const isMapped = mayEndInIpv4 && IPV4.test(groups.at(-1) ?? '');
  const plain = isMapped ? groups.slice(0, -1) : groups;
  if (!plain.every((group) => IPV6_GROUP.test(group))) return NaN;
  return plain.length + (isMapped ? 2 : 0);
}
