import { createSecureContext, type SecureContext, type SecureContextOptions, type TLSSocket } from 'node:tls';
import { LRUCache } from 'lru-cache';
import type { Clock } from '#platform';
import { decodeStandingReport, encodeStandingAsk, type StandingReport } from '#protocol';
import type { AnswerRoom } from './answer-collector.js';
import { CommandBatcher } from './command-batch.js';
import { NodeCertificate } from './identity.js';
import { PeerContract } from './peer-contract.js';
import { PeerPool } from './peer-pool.js';
import { PeerProtocolError, PeerTransport, type PeerAddress, type PeerReply } from './peer-transport.js';
import { BUDGET_HEADER, decodeReply, PONG, ROUTES } from './wire.js';

/** Peers with open connections. A relay meets nodes at random; the ones it met longest ago go first. */
const MAX_PEERS = 2_500;
/** The way there and back: the other side must answer before we give up. */
const TRAVEL_MS = 50;

/** For who calls few peers at once, and knows what they answer. */
const OWN_ROOM: AnswerRoom = { hold: () => true, release: () => undefined };

interface Peer {
  readonly pool: PeerPool;
  readonly commands: CommandBatcher;
}

/** HTTP/1.1 over TLS 1.3, both sides proving their node key. docs/protocol/peer.md */
export class TlsPeerTransport extends PeerTransport {
  readonly #certificate: NodeCertificate;
  #context: { readonly of: SecureContextOptions; readonly context: SecureContext } | undefined;
  readonly #clock: Clock;
  readonly #peers = new LRUCache<string, Peer>({
    max: MAX_PEERS,
    dispose: ({ pool }, _key, reason) => {
      if (reason === 'evict') pool.retire();
      else pool.destroy();
    },
  });

  /** `seed` is the node's Ed25519 seed (32 bytes); `room` bounds the bytes of answers that are coming in. */
  constructor(
    seed: Uint8Array,
    clock: Clock,
    private readonly contract = new PeerContract(),
    private readonly room: AnswerRoom = OWN_ROOM,
    /** Told of every connection that stands. */
    private readonly onConnection: (socket: TLSSocket) => void = () => undefined,
  ) {
    super();
    this.#clock = clock;
    this.#certificate = new NodeCertificate(seed, clock);
  }

  /** Requests that wait for a connection, over all peers. */
  get waiting(): number {
    let count = 0;
    for (const { pool } of this.#peers.values()) count += pool.waiting;
    return count;
  }

  async onion(peer: PeerAddress, frame: readonly Uint8Array[], timeoutMs: number): Promise<PeerReply> {
    const headers = `${BUDGET_HEADER}: ${budgetWithin(timeoutMs)}\r\n`;
    return decodeReply(await this.#peer(peer).pool.post({ path: ROUTES.onion, body: frame, headers }, timeoutMs));
  }

  command(peer: PeerAddress, method: string, params: Uint8Array, timeoutMs: number): Promise<PeerReply> {
    return this.#peer(peer).commands.send({ method, params, budgetMs: budgetWithin(timeoutMs) }, timeoutMs);
  }

  async ping(peer: PeerAddress, timeoutMs: number): Promise<void> {
    const answer = await this.#peer(peer).pool.post({ path: ROUTES.ping, body: [], headers: '' }, timeoutMs);
    if (!answer.equals(PONG)) throw new PeerProtocolError('no pong');
  }

  async standing(peer: PeerAddress, instance: string, timeoutMs: number): Promise<StandingReport> {
    const body = [encodeStandingAsk(instance)];
    const answer = await this.#peer(peer).pool.post({ path: ROUTES.standing, body, headers: '' }, timeoutMs);
    const report = decodeStandingReport(answer);
    if (report === null) throw new PeerProtocolError('no report of our standing');
    return report;
  }

  close(): Promise<void> {
    this.#peers.clear();
    return Promise.resolve();
  }

  /** One for all connections, for it takes memory and time, until the certificate is renewed. */
  readonly #contextNow = (): SecureContext => {
    const { options } = this.#certificate;
    if (this.#context?.of !== options) this.#context = { of: options, context: createSecureContext(options) };
    return this.#context.context;
  };

  /** A node that moved is another peer: its old connections age out. */
  #peer(address: PeerAddress): Peer {
    const key = `${address.ed25519} ${address.ip}:${address.peerPort}`;
    const known = this.#peers.get(key);
    if (known !== undefined) return known;
    const pool = new PeerPool(address, this.#contextNow, this.#clock, this.contract, this.room, this.onConnection);
    const commands = new CommandBatcher((body, timeoutMs) =>
      pool.post({ path: ROUTES.command, body, headers: '' }, timeoutMs),
    );
    const peer = { pool, commands };
    this.#peers.set(key, peer);
    return peer;
  }
}

const budgetWithin = (timeoutMs: number): number => Math.max(0, Math.floor(timeoutMs - TRAVEL_MS));
