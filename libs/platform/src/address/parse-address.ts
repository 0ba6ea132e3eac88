import ipaddr from 'ipaddr.js';

/** An address in text, without the interface behind it, and as IPv4 where IPv6 wraps it; null for what is none. */
export function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const [plain = ''] = text.split('%');
  if (ipaddr.IPv4.isValidFourPartDecimal(plain)) return ipaddr.IPv4.parse(plain);
  return ipaddr.IPv6.isValid(plain) ? unwrapped(ipaddr.IPv6.parse(plain)) : null;
}

/** 4 or 16 bytes as the address that they are. */
export function addressOfBytes(bytes: Uint8Array): ipaddr.IPv4 | ipaddr.IPv6 {
  const address = ipaddr.fromByteArray([...bytes]);
  return address instanceof ipaddr.IPv6 ? unwrapped(address) : address;
}

const unwrapped = (address: ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 =>
  address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
