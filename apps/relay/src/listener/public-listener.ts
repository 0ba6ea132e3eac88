import { constants } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContextOptions, Server as TlsServer } from 'node:tls';
import { listenOn, OpenConnections, stopAccepting, type TlsPair } from '#platform';
import { answerToBrokenRequest, type BrokenRequest } from './broken-request.js';
import type { AnswerWriter } from './http-answer.js';
import type { StreamEndpoint } from '../stream/stream-endpoint.js';
import type { PublicRoutes } from './public-routes.js';
import { serveUpgrades } from './upgrades.js';

/** The network's own idle time of a connection. docs/protocol/onion.md §5.1 */
const KEEP_ALIVE_MS = 10_000;
/** The head of a request is a few packets: whoever takes longer is broken or means harm. */
const HEADERS_MS = 10_000;
/** For 10 MiB this asks for 350 KB/s; a phone's message takes a second. */
const REQUEST_MS = 30_000;
/** Silence in both directions that no work of ours lasts as long as; frees what a client never reads. */
const SILENCE_MS = 60_000;
/** How often Node looks for requests that are overdue. */
const CHECK_MS = 2_000;
/** Above what the guards take, of which who has most gives way: only what has not come as far as that is beyond it. */
const MAX_CONNECTIONS = 20_000;
/** Clients send a handful. */
const MAX_HEADERS = 100;

/** Looks at connections before their handshake. */
export interface Guard {
  guard(server: TlsServer): void;
}

/** The public port: HTTP/1.1 over TLS 1.2 and 1.3. docs/protocol/onion.md §5.1, §7, §11 */
export class PublicListener {
  private readonly server: Server;
  private readonly open: OpenConnections;
  /** Told of every connection that gets its handshake. */
  onConnection: (socket: Socket) => void = () => undefined;

  constructor(
    tls: TlsPair,
    routes: PublicRoutes,
    private readonly writer: AnswerWriter,
    private readonly streams: StreamEndpoint,
    guards: readonly Guard[], // the last one is met first
    handshakeMs: number,
  ) {
    this.server = createServer(
      {
        ...contextOf(tls),
        handshakeTimeout: handshakeMs,
        keepAliveTimeout: KEEP_ALIVE_MS,
        headersTimeout: HEADERS_MS,
        requestTimeout: REQUEST_MS,
        connectionsCheckingInterval: CHECK_MS,
        requireHostHeader: false, // the routes': Node's own refusal lacks our header
        pauseOnConnect: true, // the guards': what waits is not read
      },
      routes.handle,
    );
    this.server.prependListener('connection', (socket: Socket) => this.onConnection(socket));
    for (const guard of guards) guard.guard(this.server);
    this.open = new OpenConnections(this.server);
    this.server.maxConnections = MAX_CONNECTIONS;
    this.server.maxHeadersCount = MAX_HEADERS;
    this.server.setTimeout(SILENCE_MS);
    // Without these two Node answers by itself: before our checks, and without our header.
    this.server.on('checkContinue', routes.handle).on('checkExpectation', routes.handle);
    writer.last.watch(this.server);
    serveUpgrades(this.server, streams, writer.last);
    // Nothing can be written before the handshake is over, and what waits to be written keeps a connection for ever.
    this.server.prependListener('tlsClientError', (_cause, socket) => socket.destroy());
    this.server.on('clientError', (cause: Error & BrokenRequest, socket: Duplex) => this.refuse(cause, socket));
  }

  /** For connections from now on; those that stand keep theirs. */
  useCertificate(tls: TlsPair): void {
    this.server.setSecureContext(contextOf(tls));
  }

  /** Resolves to the port, which is another one when `port` is 0. */
  listen(host: string, port: number): Promise<number> {
    return listenOn(this.server, host, port);
  }

  /**
   * No new connections. Those that are there go on: closing an idle one would now and then meet a request on its way.
   * They end with their next answer, or when they have been idle for as long as their clients were told; streams end
   * when they wait for no answer. Settles when all have ended.
   */
  stopAccepting(): Promise<void> {
    this.streams.drain();
    return stopAccepting(this.server);
  }

  closeIdle(): void {
    this.server.closeIdleConnections();
  }

  /** Ends every connection, whatever is going on there. */
  cut(): void {
    this.server.closeAllConnections();
    this.streams.cut();
    this.open.cut();
  }

  private refuse(cause: BrokenRequest, socket: Duplex): void {
    const answer = answerToBrokenRequest(cause);
    if (answer === null || !socket.writable) socket.destroy();
    else socket.end(this.writer.raw(answer), 'latin1', () => socket.destroy());
  }
}

function contextOf({ certPem, keyPem }: TlsPair): SecureContextOptions {
  return {
    cert: certPem,
    key: keyPem,
    minVersion: 'TLSv1.2',
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION, // each one would cost us as much as a new connection
  };
}
