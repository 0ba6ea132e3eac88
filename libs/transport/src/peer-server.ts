import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { ed25519Certificate, type Clock, type Log } from '#platform';
import { provenKey } from './identity.js';
import { PeerProtocolError, type PeerReply } from './peer-transport.js';
import { BUDGET_HEADER, decodeCommands, encodeReplies, FAILURE_HEADER, MAX_BODY_BYTES, ROUTES } from './wire.js';

/** What a node does for its peers. `from` is the caller's Ed25519 key. Faults may be thrown. */
export interface PeerHandlers {
  onion(frame: Uint8Array, from: string, budgetMs: number): Promise<PeerReply>;
  command(method: string, params: Uint8Array, from: string, budgetMs: number): Promise<PeerReply>;
}

export interface PeerServerOptions {
  /** The node's Ed25519 seed, 32 bytes. */
  readonly seed: Uint8Array;
  readonly isMember: (ed25519: string) => boolean;
  readonly handlers: PeerHandlers;
  readonly clock: Clock;
  readonly log: Log;
}

type Failure = 'busy' | 'fault' | 'malformed' | 'not-a-member' | 'no-such-route';

/** An onion hop may legitimately wait for the rest of its path; this is the room for a node's whole load. */
const MAX_REQUESTS = 2_000;
/** Peers know what they want: a head or a body that dawdles is a fault or an attack. */
const HEAD_TIMEOUT_MS = 10_000;
const BODY_TIMEOUT_MS = 30_000;
/** Longer than the dialling side keeps a connection idle, so that it closes first. */
const IDLE_MS = 65_000;
const HANDSHAKE_TIMEOUT_MS = 5_000;
/** A few connections from each of some thousand nodes. */
const MAX_CONNECTIONS = 10_000;
/** When a sender names no budget: what a client waits at the most. */
const DEFAULT_BUDGET_MS = 9_000;

/** Listens for other nodes. A stranger is cut off after the handshake, before any byte of a request is read. */
export class PeerServer {
  readonly #server: Server;
  readonly #keys = new WeakMap<object, string>();
  #requests = 0;
  #strangers = 0;

  constructor(private readonly options: PeerServerOptions) {
    const { certPem, keyPem } = ed25519Certificate(options.seed, options.clock.now());
    this.#server = createServer({
      cert: certPem,
      key: keyPem,
      requestCert: true,
      rejectUnauthorized: false, // identity is the key, checked in #admit
      minVersion: 'TLSv1.3',
      secureOptions: constants.SSL_OP_NO_TICKET, // a resumed session shows no certificate
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      headersTimeout: HEAD_TIMEOUT_MS,
      requestTimeout: BODY_TIMEOUT_MS,
      keepAliveTimeout: IDLE_MS,
      noDelay: true,
    });
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.prependListener('secureConnection', (socket: TLSSocket) => this.#admit(socket));
    this.#server.on('request', (request, response) => void this.#serve(request, response));
    this.#server.on('tlsClientError', () => (this.#strangers += 1));
  }

  /** Connections refused so far, for metrics. */
  get strangers(): number {
    return this.#strangers;
  }

  /** Resolves with the port. Rejects with the system's error when the address cannot be had. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** Takes no new connections, lets running requests finish, and cuts what is left after the grace. */
  async close(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const timer = setTimeout(() => this.#server.closeAllConnections(), graceMs);
    await closed;
    clearTimeout(timer);
  }

  #admit(socket: TLSSocket): void {
    const key = provenKey(socket);
    if (key !== undefined && this.options.isMember(key)) {
      this.#keys.set(socket, key);
      return;
    }
    this.#strangers += 1;
    socket.destroy();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const from = this.#keys.get(request.socket);
    if (from === undefined || !this.options.isMember(from)) {
      response.shouldKeepAlive = false; // left the network since it connected
      fail(response, 'not-a-member');
      return;
    }
    if (this.#requests >= MAX_REQUESTS) {
      fail(response, 'busy');
      return;
    }
    this.#requests += 1;
    try {
      const body = await readBody(request);
      const reply = body === null ? null : await this.#answer(request, body, from);
      if (reply === null) fail(response, body === null ? 'malformed' : 'no-such-route');
      else answer(response, reply);
    } catch (cause) {
      if (cause instanceof PeerProtocolError) {
        fail(response, 'malformed');
        return;
      }
      if (!request.destroyed) {
        this.options.log.error('peer_request_failed', { reason: cause instanceof Error ? cause.name : 'unknown' });
      }
      fail(response, 'fault');
    } finally {
      this.#requests -= 1;
    }
  }

  async #answer(request: IncomingMessage, body: Uint8Array, from: string): Promise<PeerReply | null> {
    const { handlers } = this.options;
    switch (request.method === 'POST' ? request.url : undefined) {
      case ROUTES.onion:
        return handlers.onion(body, from, budgetOf(request));
      case ROUTES.command: {
        const commands = decodeCommands(body);
        const replies = await Promise.all(
          commands.map(({ method, params, budgetMs }) => handlers.command(method, params, from, budgetMs)),
        );
        return { status: 200, body: encodeReplies(replies) };
      }
      case ROUTES.ping:
        return { status: 200, body: PONG };
      default:
        return null;
    }
  }
}

const PONG = Buffer.from('pong');

function budgetOf(request: IncomingMessage): number {
  const text = request.headers[BUDGET_HEADER];
  return typeof text === 'string' && /^\d{1,6}$/.test(text) ? Number(text) : DEFAULT_BUDGET_MS;
}

/** Null for a body beyond the limit, of which no more is read. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | null> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return null;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  const [only] = chunks;
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
}

function answer(response: ServerResponse, { status, body }: PeerReply): void {
  response.writeHead(status, { 'content-length': body.length });
  response.end(body);
}

const FAILURE_STATUS: Readonly<Record<Failure, number>> = {
  busy: 503,
  fault: 500,
  malformed: 400,
  'not-a-member': 403,
  'no-such-route': 404,
};

function fail(response: ServerResponse, failure: Failure): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(FAILURE_STATUS[failure], { [FAILURE_HEADER]: failure, 'content-length': 0 });
  response.end();
}
