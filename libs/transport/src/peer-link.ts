import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import { Client, type buildConnector } from 'undici';
import type { AnswerCollector } from './answer-collector.js';
import { provenKey } from './identity.js';
import type { PeerAddress } from './peer-transport.js';

/** A handshake across the world takes well under a second. */
const CONNECT_TIMEOUT_MS = 2_000;
/** Below the listener's own idle time, so that it is we who close and no request meets a closing connection. */
const IDLE_MS = 50_000;
/** So that a peer that lost its power is noticed on an idle connection too. */
const TCP_KEEP_ALIVE_MS = 15_000;

export interface PeerRequest {
  readonly path: string;
  readonly body: Uint8Array;
  /** Name, value, name, value … */
  readonly headers: string[];
}

export interface LinkEvents {
  connected(): void;
  /** No connection, or another node at its other end. */
  failed(problem: Error): void;
  /** The connection is gone. */
  closed(): void;
}

/** One connection to a peer, one request at a time. It is opened by the first request. */
export class PeerLink {
  /** Whether an answer has come over it. */
  hasServed = false;
  readonly #client: Client;
  #opening: TLSSocket | undefined;
  #socket: TLSSocket | undefined;

  constructor(
    private readonly peer: PeerAddress,
    private readonly context: SecureContext,
    private readonly events: LinkEvents,
  ) {
    this.#client = new Client(`https://${peer.ip}:${peer.peerPort}`, {
      pipelining: 1,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
      headersTimeout: 0, // each request has its own deadline
      bodyTimeout: 0,
      connect: (_options, done) => this.#connect(done),
    });
  }

  /** Whether another request may be sent on it. */
  get isAlive(): boolean {
    return this.#socket !== undefined && !this.#socket.destroyed;
  }

  /** `listener.ended` tells when the next request may be sent. */
  send({ path, body, headers }: PeerRequest, collector: AnswerCollector): void {
    this.#client.dispatch({ path, method: 'POST', headers, body }, collector);
  }

  /** Cuts off whatever it is doing. */
  destroy(): void {
    this.#opening?.destroy();
    this.#client.destroy(() => undefined);
  }

  /**
   * Not one byte of a request is written before the peer has proved the key that it should have. Node's own hook for
   * such checks, checkServerIdentity, is silent for certificates without an authority.
   */
  #connect(done: buildConnector.Callback): void {
    const socket = connectTls({
      host: this.peer.ip,
      port: this.peer.peerPort,
      secureContext: this.context,
      rejectUnauthorized: false, // identity is the key
    });
    this.#opening = socket;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, TCP_KEEP_ALIVE_MS);
    let isDecided = false;
    const decide = (problem: Error | null): void => {
      if (isDecided) return;
      isDecided = true;
      this.#opening = undefined;
      clearTimeout(timer);
      if (problem === null) {
        this.#socket = socket;
        socket.once('close', () => this.events.closed());
        this.events.connected();
        done(null, socket);
      } else {
        socket.destroy();
        this.events.failed(problem);
        done(problem, null);
      }
    };
    const timer = setTimeout(() => decide(new Error('no connection in time')), CONNECT_TIMEOUT_MS);
    socket.on('error', decide);
    socket.once('close', () => decide(new Error('closed in the handshake')));
    socket.once('secureConnect', () => {
      decide(provenKey(socket) === this.peer.ed25519 ? null : new Error('another node answers there'));
    });
  }
}
