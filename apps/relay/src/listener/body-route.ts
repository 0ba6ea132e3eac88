import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Line } from '../bandwidth/line.js';
import { MAX_BODY_BYTES } from '../limits/budget.js';
import type { Load } from '../limits/load.js';
import type { SourceBuckets } from '../limits/source-buckets.js';
import type { Standing } from '../readiness/standing.js';
import type { Refusal, RelayMetrics } from '../relay.metrics.js';
import { discardAndSend, sendAndClose } from './discard-body.js';
import { LARGE_BYTES, textAnswer, type AnswerWriter, type HttpAnswer } from './http-answer.js';
import { HTTP_TEXTS } from './http-texts.js';
import { readBody } from './read-body.js';
import type { ReadingTurns } from '../limits/reading-turns.js';

/** What is behind a route that takes a body. */
export interface BodyHandler {
  /** A header that rules the request out, or null. */
  refuse(request: IncomingMessage): HttpAnswer | null;
  handle(body: Uint8Array): Promise<HttpAnswer>;
}

export interface BodyRouteParts {
  /** Of this route; null where there is no limit. */
  readonly sources: SourceBuckets | null;
  readonly standing: Standing;
  readonly load: Load;
  readonly line: Line;
  readonly turns: ReadingTurns;
  readonly writer: AnswerWriter;
  readonly metrics: RelayMetrics;
}

/** An answer that does not depend on the body. */
interface Refused {
  readonly reason: Refusal;
  readonly answer: HttpAnswer;
  /** The rest of the body is not worth reading, so the connection ends. */
  readonly closes?: true;
}

const TOO_MANY: Refused = { reason: 'rate', answer: textAnswer(429, HTTP_TEXTS.tooMany) };
const TOO_LARGE: Refused = { reason: 'too_large', answer: textAnswer(413, HTTP_TEXTS.tooLarge), closes: true };
const NO_ROOM: Refused = { reason: 'busy', answer: textAnswer(503, HTTP_TEXTS.busy), closes: true };
/** The connection is kept where the body is small: another handshake would move more than it. */
const NO_LINE: Refused = { reason: 'bandwidth', answer: textAnswer(503, HTTP_TEXTS.busy) };
const CUT_OFF: Refused = { ...NO_LINE, closes: true };
const NO_PLACE: Refused = { reason: 'busy', answer: textAnswer(503, HTTP_TEXTS.busy) };

const REFUSED_HALFWAY = { 'too-large': TOO_LARGE, 'no-room': NO_ROOM, 'no-line': CUT_OFF } as const;

/** The checks that `POST /onion_req/v2` and `POST /storage_rpc/v1` share, in their order. docs/protocol/onion.md §5.3 */
export class BodyRoute {
  constructor(
    private readonly handler: BodyHandler,
    private readonly parts: BodyRouteParts,
  ) {}

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = this.refuseUnread(request);
    if (refused !== null) {
      this.refuse(refused, request, response);
      return;
    }
    if (request.headers.expect !== undefined) response.writeContinue();
    const body = await readBody(request, this.parts);
    if (body === 'gone') return;
    if (typeof body === 'string') {
      this.refuse(REFUSED_HALFWAY[body], request, response);
      return;
    }
    try {
      await this.work(body, request, response);
    } finally {
      this.parts.load.release(body.length);
    }
  }

  private refuseUnread(request: IncomingMessage): Refused | null {
    const { standing, sources } = this.parts;
    const { problem } = standing;
    if (problem !== null) return { reason: 'not_ready', answer: textAnswer(503, HTTP_TEXTS.notReady(problem)) };
    if (sources?.take(request.socket.remoteAddress ?? '') === false) return TOO_MANY;
    const answer = this.handler.refuse(request);
    if (answer !== null) return { reason: 'header', answer };
    const announced = announcedBy(request);
    if (announced > MAX_BODY_BYTES) return TOO_LARGE;
    if (!this.parts.load.hasRoomFor(announced)) return NO_ROOM;
    return this.parts.line.admits(announced) ? null : NO_LINE;
  }

  /** A place is taken only for a whole body: a slow client holds a connection, never a place. */
  private async work(body: Buffer, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { load, line, writer, metrics } = this.parts;
    if (!load.enter()) {
      this.refuse(NO_PLACE, request, response);
      return;
    }
    try {
      const answer = await this.handler.handle(body);
      metrics.addBytes(body.length, answer.body.length);
      line.send(answer.body.length);
      this.keepUntilRead(answer, response);
      writer.send(response, answer);
    } finally {
      load.leave();
    }
  }

  /** A large answer stays in memory until the client has read it. */
  private keepUntilRead({ body }: HttpAnswer, response: ServerResponse): void {
    if (body.length < LARGE_BYTES || response.destroyed) return;
    const { load } = this.parts;
    load.keep(body.length);
    response.once('close', () => load.release(body.length));
  }

  private refuse({ reason, answer, closes }: Refused, request: IncomingMessage, response: ServerResponse): void {
    const { line, metrics } = this.parts;
    metrics.refused(reason);
    const announced = announcedBy(request);
    request.on('data', (piece: Buffer) => line.receive(piece.length, 0, announced)); // what is read over, for a moment
    if (closes) sendAndClose(request, response, this.parts.writer, answer);
    else discardAndSend(request, response, this.parts.writer, answer);
  }
}

/** Bytes; 0 of a body in chunks. */
function announcedBy(request: IncomingMessage): number {
  return Number(request.headers['content-length'] ?? 0);
}
