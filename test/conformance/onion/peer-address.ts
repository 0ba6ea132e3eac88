import type { PeerAddress } from '#transport';
import { nodeVector } from '../../integration/relay/vector-network.js';

/** A node of the vectors as another node dials it. */
export const peerAddress = (name: string, peerPort: number): PeerAddress => ({
  ed25519: nodeVector(name).ed25519_pubkey,
  ip: '127.0.0.1',
  peerPort,
});
