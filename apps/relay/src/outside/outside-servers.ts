import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Agent, errors, type Dispatcher } from 'undici';
import { BodyCollector, piecesOf, type AnswerRoom } from '#transport';
import type { RelayServerAction } from '#protocol';
import type { Line } from '../bandwidth/line.js';
import { MAX_BODY_BYTES, type RelayLimits } from '../limits/budget.js';
import type { ReadingTurns } from '../limits/reading-turns.js';
import { AnswerBound, EndlessAnswer } from './answer-bound.js';
import { RefusedAddress, UnknownHost, type GuardedConnector } from './guarded-connector.js';

/** What came of a call to an outside server. */
export type OutsideResult =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly body: Uint8Array;
      readonly contentType: string | undefined;
    }
  /** The server's address is not one that strangers may make us call. */
  | { readonly kind: 'refused' }
  /** We do not take more at the moment. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'timeout'; readonly text: string }
  | { readonly kind: 'failed'; readonly text: string };

/** Texts for people who read client logs; nothing matches on them. docs/protocol/onion.md §4.3 */
const TEXTS = {
  timeout: 'The server did not answer in time',
  unknownHost: (host: string) => `Could not resolve host: ${host}`,
  certificate: 'The certificate of the server cannot be trusted',
  tooLarge: 'The answer of the server is too large',
  unreachable: 'The server cannot be reached',
} as const;

/** Connections kept to one server while they are in use: exits talk to few servers, and each handshake costs. */
const CONNECTIONS_PER_SERVER = 32;
/** Different servers at once; above the connections that are kept, so that only dialling without end can use it up. */
const SERVERS = 1_000;

/** Smaller requests are written in one go. */
const LARGE_BYTES = 128 * 1024;

export interface OutsideOptions {
  readonly connector: GuardedConnector;
  /** Told of every connection that stands. */
  readonly onConnection: (socket: Socket) => void;
  readonly line: Line;
  readonly room: AnswerRoom;
  readonly turns: ReadingTurns;
  readonly limits: RelayLimits;
  readonly userAgent: string;
}

/** Calls servers outside the network on behalf of strangers. docs/protocol/onion.md §4.3, §11 */
export class OutsideServers implements OnApplicationShutdown {
  private readonly bound = new AnswerBound();
  /** Keeps connections for the next call. */
  private readonly keeping: Agent;
  /** One connection for each call: whoever names servers that nobody knows cannot keep us from calling others. */
  private readonly single: Agent;
  private connections = 0;
  private calls = 0;

  constructor(private readonly options: OutsideOptions) {
    this.keeping = this.agent(1);
    this.single = this.agent(0);
  }

  /** Posts the whole decrypted layer; never throws. `budgetMs` covers everything from resolution to the last byte. */
  async post(action: RelayServerAction, budgetMs: number): Promise<OutsideResult> {
    if (budgetMs <= 0) return { kind: 'timeout', text: TEXTS.timeout };
    if (this.calls >= this.options.limits.outsideCalls) return { kind: 'busy' };
    this.calls += 1;
    const signal = AbortSignal.timeout(Math.min(budgetMs, this.options.limits.outsideMs));
    try {
      return await this.exchange(action, signal);
    } catch (cause) {
      return explain(cause, action.host, signal);
    } finally {
      this.calls -= 1;
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.keeping.destroy(), this.single.destroy()]);
    this.bound.close();
  }

  /** `pipelining`: requests at once on a connection; 0 ends it with the answer. */
  private agent(pipelining: number): Agent {
    const { connector, limits } = this.options;
    return new Agent({
      connect: (connection, callback) =>
        connector.connect(connection, (...outcome) => {
          if (outcome[0] === null) this.connected(outcome[1]);
          callback(...outcome);
        }),
      connections: CONNECTIONS_PER_SERVER,
      maxOrigins: SERVERS,
      pipelining,
      keepAliveMaxTimeout: limits.outsideIdleMs,
      headersTimeout: 0, // the call's one deadline covers these three
      bodyTimeout: 0,
      connectTimeout: 0,
    });
  }

  private connected(socket: Socket): void {
    this.connections += 1;
    socket.once('close', () => (this.connections -= 1));
    this.bound.watch(socket);
    this.options.onConnection(socket);
  }

  private async exchange(action: RelayServerAction, signal: AbortSignal): Promise<OutsideResult> {
    this.options.line.send(action.payload.length);
    const agent = this.connections < this.options.limits.outsideKept ? this.keeping : this.single;
    const { statusCode, headers, body } = await agent.request({
      origin: originOf(action),
      path: action.target,
      signal,
      method: 'POST',
      headers: {
        'content-type': 'application/octet-stream',
        'content-length': `${action.payload.length}`,
        'user-agent': this.options.userAgent,
      },
      body: bodyOf(action.payload),
    });
    const content = await this.read(body, Number(headers['content-length'] ?? 0));
    if (content === 'busy') return { kind: 'busy' };
    if (content === 'too-large') return { kind: 'failed', text: TEXTS.tooLarge };
    const type = headers['content-type'];
    return {
      kind: 'answered',
      status: statusCode,
      body: content,
      contentType: typeof type === 'string' ? type : undefined,
    };
  }

  /** Reads no further than the limit; leaving the loop early ends the connection. */
  private async read(
    body: Dispatcher.ResponseData['body'],
    announced: number,
  ): Promise<Uint8Array | 'busy' | 'too-large'> {
    const { room, turns } = this.options;
    const content = new BodyCollector(announced <= MAX_BODY_BYTES ? announced : 0);
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        if (content.bytes + chunk.length > MAX_BODY_BYTES) return 'too-large';
        if (!room.hold(chunk.length, content.bytes, announced)) return 'busy';
        content.add(chunk);
        await turns.pass(chunk.length, content.bytes);
      }
      return content.finish();
    } finally {
      room.release(content.bytes);
    }
  }
}

/** A large one in pieces, as fast as the server takes it: written whole it would be held a second time, encrypted. */
function bodyOf(payload: Uint8Array): Uint8Array | Readable {
  return payload.length < LARGE_BYTES ? payload : Readable.from(piecesOf(payload), { objectMode: false });
}

/** Without the port where it is the protocol's own, which is what the Host header then shows. */
function originOf({ protocol, host, port }: RelayServerAction): string {
  const ownPort = protocol === 'https' ? 443 : 80;
  return port === ownPort ? `${protocol}://${host}` : `${protocol}://${host}:${port}`;
}

function explain(cause: unknown, host: string, signal: AbortSignal): OutsideResult {
  if (cause instanceof RefusedAddress) return { kind: 'refused' };
  if (cause instanceof UnknownHost) return { kind: 'failed', text: TEXTS.unknownHost(host) };
  if (signal.aborted || cause instanceof errors.ConnectTimeoutError) return { kind: 'timeout', text: TEXTS.timeout };
  if (cause instanceof EndlessAnswer) return { kind: 'failed', text: TEXTS.tooLarge };
  if (cause instanceof errors.UndiciError && cause.code === 'UND_ERR_MAX_ORIGINS_REACHED') return { kind: 'busy' };
  return { kind: 'failed', text: isCertificateProblem(cause) ? TEXTS.certificate : TEXTS.unreachable };
}

/** Codes of OpenSSL's verification (`CERT_HAS_EXPIRED`, `DEPTH_ZERO_SELF_SIGNED_CERT`, ...) and of Node's name check. */
function isCertificateProblem(cause: unknown): boolean {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && /CERT|SIGNATURE|ISSUER/.test(code);
}
