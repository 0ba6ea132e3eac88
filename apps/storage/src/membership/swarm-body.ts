import {
  encodeBase32z,
  hexToBytes,
  INVALID_SWARM_ID,
  swarmIdToHex,
  type JsonObject,
  type NodeRecord,
  type Swarm,
} from '#protocol';

/** What `get_swarm` and a 421 say about an account's swarm. docs/protocol/storage-rpc.md §8.11 */
export function swarmBody(swarm: Swarm | undefined, hardfork: readonly [number, number], nowMs: number): JsonObject {
  return {
    hf: [...hardfork],
    snodes: (swarm?.members ?? []).map(memberBody),
    swarm: swarmIdToHex(swarm?.id ?? INVALID_SWARM_ID),
    t: nowMs,
  };
}

/** In our networks the legacy key is the Ed25519 key. `port` is text for old clients. */
const memberBody = ({ ed25519, x25519, ip, httpsPort, peerPort }: NodeRecord): JsonObject => ({
  address: `${encodeBase32z(hexToBytes(ed25519) ?? new Uint8Array())}.snode`,
  ip,
  port: String(httpsPort),
  port_https: httpsPort,
  port_omq: peerPort,
  port_quic: peerPort,
  pubkey_ed25519: ed25519,
  pubkey_legacy: ed25519,
  pubkey_x25519: x25519,
});
