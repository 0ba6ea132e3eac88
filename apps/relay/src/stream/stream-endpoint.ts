import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { textAnswer, type AnswerWriter, type HttpAnswer } from '../listener/http-answer.js';
import { HTTP_TEXTS } from '../listener/http-texts.js';
import { REASONS, type Standing } from '../readiness/standing.js';
import type { Refusal, RelayMetrics } from '../relay.metrics.js';
import { StreamConnection, type StreamParts } from './stream-connection.js';
import { MAX_MESSAGE_BYTES } from './stream-limits.js';
import type { Subscriptions } from './subscriptions/subscriptions.js';

const PATH = '/stream/v1';

/** The part of the public port that keeps connections: `GET /stream/v1`. docs/protocol/stream.md §1 */
export class StreamEndpoint {
  readonly #connections = new Set<StreamConnection>();
  readonly #sockets: WebSocketServer;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly standing: Standing,
    private readonly writer: AnswerWriter,
    private readonly relayMetrics: RelayMetrics,
    private readonly subscriptions: Subscriptions,
    private readonly parts: StreamParts,
  ) {
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false, // messages are ciphertext, and each context would cost 300 kB
      maxPayload: MAX_MESSAGE_BYTES,
    });
    this.#sockets.on('headers', (headers) => headers.push(`Server: ${writer.product}`));
    this.#sockets.on('wsClientError', (_cause, socket) => this.#answer(socket, textAnswer(400, 'Bad Request\n')));
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Whether an upgrade is one for us; others are no business of this endpoint. */
  wants({ method, url = '', headers }: IncomingMessage): boolean {
    const [path] = url.split('?', 1);
    return method === 'GET' && path === PATH && headers.upgrade?.toLowerCase() === 'websocket';
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const problem = this.standing.isLeaving ? REASONS.shutdown : this.standing.problem;
    if (problem !== null) this.#refuse(socket, 'not_ready', HTTP_TEXTS.notReady(problem));
    else if (this.size >= this.parts.limits.connections) this.#refuse(socket, 'busy', HTTP_TEXTS.busy);
    else this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#open(opened, request, socket));
  }

  /** Takes no more connections. Those that are there end when nothing is being answered on them. */
  drain(): void {
    for (const connection of this.#connections) connection.shutDown();
  }

  /** Ends every connection, whatever is going on there. */
  cut(): void {
    for (const connection of this.#connections) connection.terminate();
  }

  #open(socket: WebSocket, request: IncomingMessage, raw: Duplex): void {
    const connection = new StreamConnection(socket, raw, request.socket.remoteAddress ?? '', this.parts);
    this.#connections.add(connection);
    this.parts.metrics.opened();
    socket.on('close', () => this.#forget(connection));
    this.#timer ??= setInterval(() => this.#lookOver(), this.parts.limits.checkMs).unref();
  }

  #forget(connection: StreamConnection): void {
    this.#connections.delete(connection);
    this.subscriptions.drop(connection);
    this.parts.metrics.closed();
    if (this.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #lookOver(): void {
    this.subscriptions.sweep();
    for (const connection of this.#connections) connection.lookOver(this.subscriptions.countOf(connection) > 0);
  }

  #refuse(socket: Duplex, reason: Refusal, text: string): void {
    this.relayMetrics.refused(reason);
    this.#answer(socket, textAnswer(503, text));
  }

  /** The connection ends with it: what comes after a wish to change the protocol is not HTTP for sure. */
  #answer(socket: Duplex, answer: HttpAnswer): void {
    socket.on('error', () => socket.destroy());
    socket.end(this.writer.raw(answer), 'latin1', () => socket.destroy());
  }
}
