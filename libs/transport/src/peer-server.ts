import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { SecureContextOptions, TLSSocket } from 'node:tls';
import {
  ByteRoom,
  endedWithin,
  faultFields,
  HandshakeGate,
  listenOn,
  OpenConnections,
  stopAccepting,
  type Clock,
  type DoorHeaders,
  type Log,
} from '#platform';
import { Admission } from './admission.js';
import { NodeCertificate } from './identity.js';
import { answer, answerUnread, refuse, type Answer, type Refusal } from './peer-answer.js';
import { CONTRACT_HEADER, PeerContract } from './peer-contract.js';
import { PeerRoutes, type PeerHandlers } from './peer-routes.js';
import { OPEN_LINE, readBody, type RequestLine } from './request-body.js';

export interface PeerServerOptions {
  /** The node's Ed25519 seed, 32 bytes. */
  readonly seed: Uint8Array;
  readonly isMember: (ed25519: string) => boolean;
  readonly handlers: PeerHandlers;
  readonly clock: Clock;
  readonly log: Log;
  /** Of this release, and nobody is told of others, when it is left out. */
  readonly contract?: PeerContract;
  /** Where other nodes come in through a door. */
  readonly doorHeaders?: DoorHeaders | null;
  /** Without a bound when it is left out. */
  readonly line?: RequestLine;
  /** Told of every connection that gets its handshake. */
  readonly onConnection?: (socket: Socket) => void;
  /** Tests shorten them. */
  readonly limits?: Partial<PeerServerLimits>;
}

export interface PeerServerLimits {
  /** An onion hop may legitimately wait for the rest of its path; this is the room for a node's whole load. */
  readonly requests: number;
  readonly requestsOfNode: number;
  /** A few connections from each of some thousand nodes. */
  readonly connections: number;
  readonly connectionsOfNode: number;
  /** Bodies in memory: 25 of the largest, or 100,000 of the usual 2 KiB. */
  readonly bodyBytes: number;
  /** Peers know what they want: a handshake, a head or a body that dawdles is a fault or an attack. */
  readonly handshakeMs: number;
  readonly headMs: number;
  readonly bodyMs: number;
  /** Longer than the dialling side keeps a connection idle, so that it closes first. */
  readonly idleMs: number;
}

const LIMITS: PeerServerLimits = {
  requests: 2_000,
  requestsOfNode: 500,
  connections: 10_000,
  connectionsOfNode: 600,
  bodyBytes: 256 * 1024 * 1024,
  handshakeMs: 5_000,
  headMs: 10_000,
  bodyMs: 30_000,
  idleMs: 65_000,
};

/** Our heads have five short lines. */
const MAX_HEAD_BYTES = 4_096;
/** Smaller answers are with the system before anybody could count them. */
const COUNTED_BYTES = 64 * 1024;
/** A certificate has years left when it is renewed. */
const RENEWAL_CHECK_MS = 3_600_000;
/** How often Node looks for heads and bodies that dawdle. */
const TIMEOUT_CHECK_MS = 5_000;

/** A node that uses a connection at all uses it within this time, and hears with the answer that we are leaving. */
const LINGER_MS = 1_000;

/** Listens for other nodes. A stranger is cut off after the handshake, before any byte of a request is read. */
export class PeerServer {
  readonly #server: Server;
  readonly #admission: Admission;
  readonly #routes: PeerRoutes;
  /** Of bodies that are being received, over all requests. */
  readonly #room: ByteRoom;
  readonly #gate: HandshakeGate;
  readonly #open: OpenConnections;
  readonly #maxRequests: number;
  readonly #log: Log;
  readonly #contract: PeerContract;
  readonly #line: RequestLine;
  readonly #certificate: NodeCertificate;
  readonly #renewal: NodeJS.Timeout;
  #shown: SecureContextOptions;
  #requests = 0;
  #isClosing = false;

  constructor(options: PeerServerOptions) {
    const { seed, isMember, handlers, clock, log, contract = new PeerContract(), doorHeaders, limits } = options;
    const set = { ...LIMITS, ...limits };
    this.#log = log;
    this.#contract = contract;
    this.#line = options.line ?? OPEN_LINE;
    this.#maxRequests = set.requests;
    this.#admission = new Admission(isMember, set);
    this.#routes = new PeerRoutes(handlers, clock, log);
    this.#room = new ByteRoom(set.bodyBytes);
    this.#certificate = new NodeCertificate(seed, clock);
    this.#shown = this.#certificate.options;
    this.#renewal = setInterval(() => this.renewCertificate(), RENEWAL_CHECK_MS).unref();
    this.#gate = new HandshakeGate({ clock });
    this.#server = createServer({
      ...this.#shown,
      requestCert: true,
      rejectUnauthorized: false, // identity is the key, which Admission checks
      handshakeTimeout: set.handshakeMs,
      headersTimeout: set.headMs,
      requestTimeout: set.bodyMs,
      keepAliveTimeout: set.idleMs,
      connectionsCheckingInterval: Math.min(TIMEOUT_CHECK_MS, set.headMs),
      maxHeaderSize: MAX_HEAD_BYTES,
      noDelay: true,
      pauseOnConnect: true, // the gate's: what waits is not read
    });
    if (options.onConnection !== undefined) this.#server.prependListener('connection', options.onConnection);
    this.#gate.guard(this.#server);
    doorHeaders?.guard(this.#server);
    this.#open = new OpenConnections(this.#server);
    this.#server.maxConnections = set.connections;
    this.#server.prependListener('secureConnection', (socket: TLSSocket) => this.#admission.admit(socket));
    this.#server.on('request', (request, response) => void this.#serve(request, response));
    this.#server.on('tlsClientError', () => this.#admission.countStranger());
  }

  /** Connections refused so far, for metrics. */
  get strangers(): number {
    return this.#admission.strangers + this.#gate.refused;
  }

  /** Undefined when nobody has pinged us yet. */
  get secondsSincePing(): number | undefined {
    return this.#routes.secondsSincePing;
  }

  /** Shows new connections a new certificate when it is time for one; also done by itself. */
  renewCertificate(): void {
    const { options } = this.#certificate;
    if (options === this.#shown) return;
    this.#server.setSecureContext(options);
    this.#shown = options;
  }

  /** Resolves with the port. Rejects with the system's error when the address cannot be had. */
  listen(host: string, port: number): Promise<number> {
    return listenOn(this.#server, host, port);
  }

  /**
   * Takes no new connections, and lets running requests finish. What comes on the connections that are there is still
   * served for a while, each with the last answer of its connection; then idle ones end. After the grace all do.
   */
  async close(graceMs: number): Promise<void> {
    this.#isClosing = true;
    clearInterval(this.#renewal);
    const closed = stopAccepting(this.#server);
    const lingerMs = Math.min(LINGER_MS, graceMs / 2);
    if (await endedWithin(closed, lingerMs)) return;
    this.#server.closeIdleConnections();
    if (await endedWithin(closed, graceMs - lingerMs)) return;
    this.cut();
    await closed;
  }

  /** Ends every connection, whatever is going on there. */
  cut(): void {
    this.#server.closeAllConnections();
    this.#open.cut();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const caller = this.#admission.callerOn(request.socket);
    if (caller === undefined) {
      this.#refuse(response, 'not-a-member');
      return;
    }
    if (!this.#contract.serves(request.headers[CONTRACT_HEADER])) {
      this.#refuse(response, 'other-version');
      return;
    }
    if (this.#requests >= this.#maxRequests || !this.#admission.enter(caller)) {
      this.#refuse(response, 'busy');
      return;
    }
    this.#requests += 1;
    try {
      await this.#receive(request, response, caller.key);
    } catch (cause) {
      this.#log.error('peer_request_failed', faultFields(cause));
      this.#refuse(response, 'fault');
    } finally {
      this.#requests -= 1;
      this.#admission.leave(caller);
    }
  }

  async #receive(request: IncomingMessage, response: ServerResponse, from: string): Promise<void> {
    const refusal = this.#line.refusal(request.url ?? '', Number(request.headers['content-length'] ?? 0));
    if (refusal !== null) {
      answerUnread(response, refusal, this.#contract);
      return;
    }
    const body = await readBody(request, this.#room, this.#line);
    if (typeof body === 'string') {
      this.#refuse(response, body === 'too-long' ? 'too-long' : 'busy');
      return;
    }
    try {
      const result = await this.#routes.answer(request, body, from);
      if (this.#isClosing) response.shouldKeepAlive = false;
      if (typeof result === 'string') refuse(response, result, this.#contract);
      else this.#send(result, response);
    } finally {
      this.#room.giveBack(body.length);
    }
  }

  /** An answer stays in memory until the other side has read it. */
  #send(result: Answer, response: ServerResponse): void {
    const bytes = 'bytes' in result ? result.bytes.length : result.body.length;
    if (bytes >= COUNTED_BYTES && !response.destroyed) {
      this.#room.keep(bytes);
      response.once('close', () => this.#room.giveBack(bytes));
    }
    answer(response, result, this.#contract);
  }

  /** Without its body having been read: the connection ends with the answer. */
  #refuse(response: ServerResponse, refusal: Refusal): void {
    response.shouldKeepAlive = false;
    refuse(response, refusal, this.#contract);
  }
}
