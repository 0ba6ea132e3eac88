import { randomBytes } from 'node:crypto';
import { bytesToHex, encodeSignedList, makeNextList, NodeKey, noblePrimitives, signNetworkList } from '#protocol';

const SEED_BYTES = 32;
/** Longer than doctor wants a list to last. */
const LIFE_MS = 90 * 86_400_000;
export const NETWORK = 'of-one';
/** Those of the manifests. */
export const HTTPS_PORT = 22_021;
const PEER_PORT = 22_020;

export interface NetworkOfOne {
  /** 64 hex digits, as in the key file. */
  readonly key: string;
  /** The signed list, as a file. */
  readonly list: string;
  /** The public key of its administrator. */
  readonly admin: string;
}

/** A node with a fresh key at this address, in a list that a fresh administrator signed. */
export function networkOfOne(ip: string): NetworkOfOne {
  const seed = randomBytes(SEED_BYTES);
  const [node, admin] = [seed, randomBytes(SEED_BYTES)].map((each) => NodeKey.fromSeed(each, noblePrimitives)) as [
    NodeKey,
    NodeKey,
  ];
  const nowMs = Date.now();
  const listed = { ed25519: node.id, ip, httpsPort: HTTPS_PORT, peerPort: PEER_PORT, state: 'active' as const };
  const { text } = makeNextList(
    noblePrimitives,
    null,
    { put: [listed] },
    {
      network: NETWORK,
      seed: bytesToHex(randomBytes(SEED_BYTES)),
      issuedMs: nowMs,
      expiresMs: nowMs + LIFE_MS,
      swarms: 'compose',
    },
  );
  const signatures = [signNetworkList(noblePrimitives, text, admin.ed25519)];
  return { key: bytesToHex(seed), list: encodeSignedList({ listText: text, signatures }), admin: admin.id };
}
