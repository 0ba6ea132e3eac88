import ipaddr from 'ipaddr.js';
import { addressOfBytes, parseAddress } from '../address/parse-address.js';

/** One end of a connection. */
export interface Endpoint {
  /** IPv4 or IPv6 in text. */
  readonly address: string;
  readonly port: number;
}

/** What a connection begins with. `bytes` is how long the header is: what is behind it is the client's. */
export type DoorHeader =
  | { readonly kind: 'unfinished' }
  | { readonly kind: 'refused' }
  /** A door that looks whether somebody is here: nothing follows. */
  | { readonly kind: 'local' }
  | { readonly kind: 'client'; readonly address: string; readonly bytes: number };

/** docs/protocol/door.md §2.1 */
const SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
const LOCAL = 0x20;
const CLIENT = 0x21;
const TCP_IPV4 = 0x11;
const TCP_IPV6 = 0x21;

const COMMAND_AT = 12;
const FAMILY_AT = 13;
const LENGTH_AT = 14;
const FIXED_BYTES = 16;
/** Bytes of one address. */
const ADDRESS_BYTES: Readonly<Record<number, number>> = { [TCP_IPV4]: 4, [TCP_IPV6]: 16 };
const PORT_BYTES = 2;
/** What other doors put behind the addresses has room too; ours puts nothing there. docs/protocol/door.md §2.3 */
const MAX_REST_BYTES = 512;

const UNFINISHED: DoorHeader = { kind: 'unfinished' };
const REFUSED: DoorHeader = { kind: 'refused' };

/** The first bytes of a connection, as many as there are so far, however they came. docs/protocol/door.md §2 */
export function readDoorHeader(bytes: Buffer): DoorHeader {
  const begun = Math.min(bytes.length, SIGNATURE.length);
  if (SIGNATURE.compare(bytes, 0, begun, 0, begun) !== 0) return REFUSED;
  const [command, family] = [bytes[COMMAND_AT], bytes[FAMILY_AT]];
  if (command === undefined) return UNFINISHED;
  if (command !== LOCAL && command !== CLIENT) return REFUSED;
  if (family === undefined) return UNFINISHED;
  const addressBytes = command === LOCAL ? 0 : ADDRESS_BYTES[family];
  if (addressBytes === undefined) return REFUSED;
  if (bytes.length < FIXED_BYTES) return UNFINISHED;
  const restBytes = bytes.readUInt16BE(LENGTH_AT);
  const leastBytes = command === LOCAL ? 0 : 2 * (addressBytes + PORT_BYTES);
  if (restBytes < leastBytes || restBytes > MAX_REST_BYTES) return REFUSED;
  if (bytes.length < FIXED_BYTES + restBytes) return UNFINISHED;
  if (command === LOCAL) return { kind: 'local' };
  const address = addressOfBytes(bytes.subarray(FIXED_BYTES, FIXED_BYTES + addressBytes));
  return { kind: 'client', address: address.toString(), bytes: FIXED_BYTES + restBytes };
}

/** The header for a connection of `client` to `reached`; null where one of them is no address. docs/protocol/door.md §2 */
export function writeDoorHeader(client: Endpoint, reached: Endpoint): Buffer | null {
  const [from, to] = [parseAddress(client.address), parseAddress(reached.address)];
  if (from === null || to === null) return null;
  const isIpv4 = from instanceof ipaddr.IPv4 && to instanceof ipaddr.IPv4;
  const bytesOf = (address: ipaddr.IPv4 | ipaddr.IPv6): number[] =>
    (!isIpv4 && address instanceof ipaddr.IPv4 ? address.toIPv4MappedAddress() : address).toByteArray();
  const addresses = [...bytesOf(from), ...bytesOf(to)];
  const restBytes = addresses.length + 2 * PORT_BYTES;
  const header = Buffer.alloc(FIXED_BYTES + restBytes);
  header.set(SIGNATURE);
  header[COMMAND_AT] = CLIENT;
  header[FAMILY_AT] = isIpv4 ? TCP_IPV4 : TCP_IPV6;
  header.writeUInt16BE(restBytes, LENGTH_AT);
  header.set(addresses, FIXED_BYTES);
  header.writeUInt16BE(client.port, header.length - 2 * PORT_BYTES);
  header.writeUInt16BE(reached.port, header.length - PORT_BYTES);
  return header;
}
