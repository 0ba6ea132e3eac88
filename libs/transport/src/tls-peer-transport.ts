import { LRUCache } from 'lru-cache';
import { ed25519Certificate, type Clock } from '#platform';
import { CommandBatcher } from './command-batch.js';
import { PeerPool } from './peer-pool.js';
import { PeerProtocolError, PeerTransport, type PeerAddress, type PeerReply } from './peer-transport.js';
import { BUDGET_HEADER, ROUTES } from './wire.js';

/** Peers with open connections. A relay meets nodes at random; the ones it met longest ago go first. */
const MAX_PEERS = 512;
/** The way there and back: the other side must answer before we give up. */
const TRAVEL_MS = 50;

interface Peer {
  readonly pool: PeerPool;
  readonly commands: CommandBatcher;
}

/** HTTP/1.1 over TLS 1.3, both sides proving their node key. docs/protocol/peer.md */
export class TlsPeerTransport extends PeerTransport {
  readonly #identity;
  readonly #peers = new LRUCache<string, Peer>({
    max: MAX_PEERS,
    dispose: ({ pool }) => void pool.close(),
  });

  /** `seed` is the node's Ed25519 seed (32 bytes). */
  constructor(seed: Uint8Array, clock: Clock) {
    super();
    this.#identity = ed25519Certificate(seed, clock.now());
  }

  onion(peer: PeerAddress, frame: Uint8Array, timeoutMs: number): Promise<PeerReply> {
    const budgetMs = Math.max(0, Math.floor(timeoutMs - TRAVEL_MS));
    const headers = { 'content-type': 'application/octet-stream', [BUDGET_HEADER]: String(budgetMs) };
    return this.#peer(peer).pool.post(ROUTES.onion, frame, headers, timeoutMs);
  }

  command(peer: PeerAddress, method: string, params: Uint8Array, timeoutMs: number): Promise<PeerReply> {
    return this.#peer(peer).commands.send(method, params, timeoutMs);
  }

  async ping(peer: PeerAddress, timeoutMs: number): Promise<void> {
    const { status, body } = await this.#peer(peer).pool.post(ROUTES.ping, new Uint8Array(), {}, timeoutMs);
    if (status !== 200 || Buffer.from(body).toString('latin1') !== 'pong') throw new PeerProtocolError('no pong');
  }

  async close(): Promise<void> {
    const pools = [...this.#peers.values()].map(({ pool }) => pool.close());
    await Promise.all(pools);
    this.#peers.clear();
  }

  /** A node that moved is another peer: its old connections age out. */
  #peer(address: PeerAddress): Peer {
    const key = `${address.ed25519} ${address.ip}:${address.peerPort}`;
    const known = this.#peers.get(key);
    if (known !== undefined) return known;
    const pool = new PeerPool(address, this.#identity);
    const peer = { pool, commands: new CommandBatcher(pool) };
    this.#peers.set(key, peer);
    return peer;
  }
}
