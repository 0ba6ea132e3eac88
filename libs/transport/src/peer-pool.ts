import { buildConnector, Pool, type Dispatcher } from 'undici';
import type { TLSSocket } from 'node:tls';
import type { TlsPair } from '#platform';
import { provenKey } from './identity.js';
import { PeerProtocolError, PeerTimeout, PeerUnreachable, type PeerAddress, type PeerReply } from './peer-transport.js';
import { FAILURE_HEADER, MAX_BODY_BYTES } from './wire.js';

/** A handshake across the world takes well under a second. */
const CONNECT_TIMEOUT_MS = 2_000;
/** Requests that are under way to one peer at the same time; a connection carries one at a time. */
const CONNECTIONS = 16;
/** Below the listener's own idle time, so that it is we who close and no request meets a closing connection. */
const IDLE_MS = 50_000;
/** What may wait for a connection. Beyond it the peer is too slow for us and callers are told. */
const MAX_WAITING = 2_000;
const FIRST_BACK_OFF_MS = 250;
const LONGEST_BACK_OFF_MS = 5_000;

/** Our kept-alive connections to one peer. A peer that cannot be reached is left alone for a growing while. */
export class PeerPool {
  readonly #pool: Pool;
  readonly #host: string;
  #waiting = 0;
  #backOffMs = 0;
  #silentUntil = 0;

  constructor(peer: PeerAddress, identity: TlsPair) {
    const connect = buildConnector({
      cert: identity.certPem,
      key: identity.keyPem,
      rejectUnauthorized: false, // identity is the key, checked below
      minVersion: 'TLSv1.3',
      maxCachedSessions: 0, // a resumed session shows no certificate
      timeout: CONNECT_TIMEOUT_MS,
    });
    this.#host = `${peer.ip}:${peer.peerPort}`;
    this.#pool = new Pool(`https://${this.#host}`, {
      connections: CONNECTIONS,
      pipelining: 1,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
      headersTimeout: 0, // each request has its own deadline
      bodyTimeout: 0,
      connect: (options, done) => {
        connect(options, (problem, socket) => {
          if (problem !== null) {
            this.#failed();
            done(problem, null);
          } else if (provenKey(socket as TLSSocket) !== peer.ed25519) {
            socket.destroy();
            this.#failed();
            done(new Error('another node answers there'), null);
          } else {
            this.#backOffMs = 0;
            done(null, socket);
          }
        });
      },
    });
  }

  /** Throws PeerError. */
  post(path: string, body: Uint8Array, headers: Record<string, string>, timeoutMs: number): Promise<PeerReply> {
    if (performance.now() < this.#silentUntil) return Promise.reject(new PeerUnreachable('left alone after a failure'));
    if (this.#waiting >= MAX_WAITING)
      return Promise.reject(new PeerUnreachable('too many requests wait for this peer'));
    this.#waiting += 1;
    return new Promise<PeerReply>((resolve, reject) => {
      this.#pool.dispatch({ path, method: 'POST', headers, body }, new Collector(resolve, reject, timeoutMs));
    }).finally(() => (this.#waiting -= 1));
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  #failed(): void {
    this.#backOffMs = Math.min(Math.max(2 * this.#backOffMs, FIRST_BACK_OFF_MS), LONGEST_BACK_OFF_MS);
    this.#silentUntil = performance.now() + this.#backOffMs;
  }
}

/** Gathers one answer; undici's own promise interface costs a stream per answer. */
class Collector implements Dispatcher.DispatchHandler {
  readonly #chunks: Buffer[] = [];
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #isLate = false;
  #status = 0;
  #bytes = 0;
  #failure: string | undefined;

  constructor(
    private readonly resolve: (reply: PeerReply) => void,
    private readonly reject: (problem: Error) => void,
    timeoutMs: number,
  ) {
    this.#timer = setTimeout(() => this.#expire(), Math.max(1, timeoutMs));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isLate) controller.abort(new PeerTimeout('no answer in time'));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    const failure = headers[FAILURE_HEADER];
    if (typeof failure === 'string') this.#failure = failure;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_BODY_BYTES) controller.abort(new PeerProtocolError('the answer is too long'));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    clearTimeout(this.#timer);
    if (this.#failure !== undefined) {
      const isOurs = this.#failure === 'malformed' || this.#failure === 'no-such-route';
      this.reject(isOurs ? new PeerProtocolError(this.#failure) : new PeerUnreachable(this.#failure));
      return;
    }
    const [only] = this.#chunks;
    const body = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
    this.resolve({ status: this.#status, body });
  }

  onResponseError(_controller: Dispatcher.DispatchController, cause: Error): void {
    clearTimeout(this.#timer);
    const isOurs = cause instanceof PeerTimeout || cause instanceof PeerProtocolError;
    this.reject(isOurs ? cause : new PeerUnreachable(cause.message));
  }

  /** A request that still waits for a connection has no controller yet: its caller is told, the rest follows. */
  #expire(): void {
    this.#isLate = true;
    const problem = new PeerTimeout('no answer in time');
    this.#controller?.abort(problem);
    this.reject(problem);
  }
}
