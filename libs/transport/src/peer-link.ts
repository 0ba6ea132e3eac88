import { connect as connectTls, type SecureContext, type TLSSocket } from 'node:tls';
import type { AnswerCollector } from './answer-collector.js';
import { provenKey } from './identity.js';
import { PeerExchange } from './peer-exchange.js';
import type { PeerContract } from './peer-contract.js';
import type { PeerAddress } from './peer-transport.js';
import { bytesOf } from './wire.js';

/** A handshake across the world takes well under a second. */
const CONNECT_TIMEOUT_MS = 2_000;
/** Below the listener's own idle time, so that it is we who close and no request meets a closing connection. */
const IDLE_MS = 50_000;
/** So that a peer that lost its power is noticed on an idle connection too. */
const TCP_KEEP_ALIVE_MS = 15_000;

export interface PeerRequest {
  readonly path: string;
  /** In parts, which are joined where they are written: a large body is copied there and nowhere else. */
  readonly body: readonly Uint8Array[];
  /** Lines of headers besides the usual, each with its end. */
  readonly headers: string;
}

export interface LinkEvents {
  connected(socket: TLSSocket): void;
  /** No connection, or another node at its other end. */
  failed(problem: Error): void;
  /** The connection is gone. */
  closed(): void;
}

/** One connection to a peer, one request at a time. It is opened by the first request. */
export class PeerLink {
  /** Whether an answer has come over it. */
  hasServed = false;
  readonly #usualHeaders: string;
  #opening: TLSSocket | undefined;
  #socket: TLSSocket | undefined;
  #exchange: PeerExchange | undefined;

  constructor(
    private readonly peer: PeerAddress,
    private readonly context: SecureContext,
    private readonly contract: PeerContract,
    private readonly events: LinkEvents,
  ) {
    this.#usualHeaders = `host: ${peer.ip}:${peer.peerPort}\r\n${contract.line}`;
  }

  /** Whether another request may be sent on it. */
  get isAlive(): boolean {
    return this.#socket !== undefined && !this.#socket.destroyed;
  }

  /** `listener.ended` tells when the next request may be sent. */
  send({ path, body, headers }: PeerRequest, collector: AnswerCollector): void {
    const head = `POST ${path} HTTP/1.1\r\n${this.#usualHeaders}${headers}content-length: ${bytesOf(body)}\r\n\r\n`;
    if (this.#exchange !== undefined) {
      this.#exchange.send(head, body, collector);
      return;
    }
    this.#connect((problem, exchange) => {
      if (exchange === null) collector.broken(problem);
      else exchange.send(head, body, collector);
    });
  }

  /** Cuts off whatever it is doing. */
  destroy(): void {
    this.#opening?.destroy();
    this.#socket?.destroy();
  }

  /**
   * Not one byte of a request is written before the peer has proved the key that it should have. Node's own hook for
   * such checks, checkServerIdentity, is silent for certificates without an authority.
   */
  #connect(done: (...outcome: [null, PeerExchange] | [Error, null]) => void): void {
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
        const exchange = this.#use(socket);
        this.events.connected(socket);
        done(null, exchange);
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

  #use(socket: TLSSocket): PeerExchange {
    const exchange = new PeerExchange(socket, this.contract);
    this.#exchange = exchange;
    socket.once('close', () => {
      exchange.closed();
      this.events.closed();
    });
    socket.setTimeout(IDLE_MS, () => {
      if (!exchange.isBusy) socket.destroy();
    });
    return exchange;
  }
}
