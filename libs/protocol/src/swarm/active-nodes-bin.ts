import { hexToBytes } from '../hex.js';
import type { NetworkSnapshot, NodeRecord } from './network-view.js';

/** Ed25519 key 32, swarm id u64, IPv4 4, HTTPS port u16, peer port u16, version 3 bytes; all big endian. */
const RECORD_BYTES = 51;
const SWARM_AT = 32;
const IP_AT = 40;
const HTTPS_PORT_AT = 44;
const PEER_PORT_AT = 46;
const VERSION_AT = 48;
/** What one byte cannot say stands as this. */
const MAX_VERSION_PART = 255;

/** Every active node, one record after the other. docs/protocol/storage-rpc.md §8.14 */
export function encodeActiveNodes({ nodes }: NetworkSnapshot): Uint8Array {
  const active = nodes.filter(({ state }) => state === 'active');
  const bytes = new Uint8Array(active.length * RECORD_BYTES);
  for (const [index, node] of active.entries()) writeRecord(bytes, index * RECORD_BYTES, node);
  return bytes;
}

function writeRecord(bytes: Uint8Array, at: number, node: NodeRecord): void {
  const view = new DataView(bytes.buffer, at, RECORD_BYTES);
  bytes.set(hexToBytes(node.ed25519) ?? new Uint8Array(), at);
  view.setBigUint64(SWARM_AT, node.swarmId);
  bytes.set(node.ip.split('.').map(Number), at + IP_AT);
  view.setUint16(HTTPS_PORT_AT, node.httpsPort);
  view.setUint16(PEER_PORT_AT, node.peerPort);
  bytes.set(
    node.version.map((part) => Math.min(part, MAX_VERSION_PART)),
    at + VERSION_AT,
  );
}
