import type { NodeTarget } from '#protocol';

/** A node as clients know it. */
export interface ServiceNode extends NodeTarget {
  /** IPv4 address. */
  readonly ip: string;
  readonly httpsPort: number;
}

/** How a node is shown to people: where it is, and the start of its key. */
export interface NodeName {
  /** `ip:port` */
  readonly address: string;
  /** First 8 hex digits of the Ed25519 key. */
  readonly key: string;
}

const SHOWN_DIGITS = 8;
const KEY_PATTERN = /^[0-9a-f]{64}$/i;
const IPV4_PATTERN = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const UNKNOWN_IP = '0.0.0.0';

export function nameOf({ ip, httpsPort, ed25519 }: ServiceNode): NodeName {
  return { address: `${ip}:${httpsPort}`, key: ed25519.slice(0, SHOWN_DIGITS) };
}

/** What lists of nodes say about one of them, in the spellings of all lists. */
export interface NodeFields {
  readonly ip: unknown;
  readonly port: unknown;
  readonly ed25519: unknown;
  readonly x25519: unknown;
}

/** Null for a node that lacks something or that has no address yet. */
export function readNode({ ip, port, ed25519, x25519 }: NodeFields): ServiceNode | null {
  if (typeof ip !== 'string' || !isIpv4(ip) || ip === UNKNOWN_IP) return null;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) return null;
  if (!isKey(ed25519) || !isKey(x25519)) return null;
  return { ip, httpsPort: port, ed25519: ed25519.toLowerCase(), x25519: x25519.toLowerCase() };
}

const isKey = (value: unknown): value is string => typeof value === 'string' && KEY_PATTERN.test(value);

function isIpv4(text: string): boolean {
  const parts = IPV4_PATTERN.exec(text)?.slice(1) ?? [];
  return parts.length === 4 && parts.every((part) => Number(part) <= 255);
}

/** The /24 network of an IPv4 address. */
export function subnetOf({ ip }: ServiceNode): string {
  return ip.slice(0, ip.lastIndexOf('.'));
}
