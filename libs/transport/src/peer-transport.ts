import type { StandingReport } from '#protocol';

/** Where a node listens for other nodes, and who must answer there. */
export interface PeerAddress {
  /** Ed25519 public key, 64 lower-case hex digits. */
  readonly ed25519: string;
  /** IPv4. */
  readonly ip: string;
  readonly peerPort: number;
}

export interface PeerReply {
  readonly status: number;
  readonly body: Uint8Array;
}

/** Why a peer gave no answer. */
export abstract class PeerError extends Error {}

/** Silent until the deadline. */
export class PeerTimeout extends PeerError {
  override readonly name = 'PeerTimeout';
}

/** No connection, a broken one, a wrong identity, or a peer that refuses to work now. */
export class PeerUnreachable extends PeerError {
  override readonly name = 'PeerUnreachable';
}

/** It answered something that is no answer. */
export class PeerProtocolError extends PeerError {
  override readonly name = 'PeerProtocolError';
}

/** Bytes to other nodes and their answers back. Every call ends within its time. Throws PeerError. */
export abstract class PeerTransport {
  /** Passes a hop frame (docs/protocol/onion.md §6.3) to the next node of a path. `frame`: its parts, in order. */
  abstract onion(peer: PeerAddress, frame: readonly Uint8Array[], timeoutMs: number): Promise<PeerReply>;
  /** Forwards a client's request inside the swarm; `params` is a bencoded dictionary. */
  abstract command(peer: PeerAddress, method: string, params: Uint8Array, timeoutMs: number): Promise<PeerReply>;
  abstract ping(peer: PeerAddress, timeoutMs: number): Promise<void>;
  /** Asks what the peer knows of us; `instance` is ours, 32 hex digits. docs/protocol/peer.md §8 */
  abstract standing(peer: PeerAddress, instance: string, timeoutMs: number): Promise<StandingReport>;
  abstract close(): Promise<void>;
}
