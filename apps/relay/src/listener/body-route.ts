import type { IncomingMessage, ServerResponse } from 'node:http';
import { MAX_BODY_BYTES } from '../limits/budget.js';
import type { Load } from '../limits/load.js';
import type { Standing } from '../readiness/standing.js';
import type { Refusal, RelayMetrics } from '../relay.metrics.js';
import { discardAndSend, sendAndClose } from './discard-body.js';
import { textAnswer, type AnswerWriter, type HttpAnswer } from './http-answer.js';
import { HTTP_TEXTS } from './http-texts.js';
import { readBody } from './read-body.js';

/** What is behind a route that takes a body. */
export interface BodyHandler {
  /** A header that rules the request out, or null. */
  refuse(request: IncomingMessage): HttpAnswer | null;
  handle(body: Uint8Array): Promise<HttpAnswer>;
}

export interface BodyRouteParts {
  readonly standing: Standing;
  readonly load: Load;
  readonly writer: AnswerWriter;
  readonly metrics: RelayMetrics;
}

/** The checks that `POST /onion_req/v2` and `POST /storage_rpc/v1` share, in their order. docs/protocol/onion.md §5.3 */
export class BodyRoute {
  constructor(
    private readonly handler: BodyHandler,
    private readonly parts: BodyRouteParts,
  ) {}

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { standing, load, writer } = this.parts;
    if (standing.problem !== null) {
      return this.refuse('not_ready', textAnswer(503, HTTP_TEXTS.notReady(standing.problem)), request, response);
    }
    const refusal = this.handler.refuse(request);
    if (refusal !== null) return this.refuse('header', refusal, request, response);
    if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return this.refuseTooLarge(request, response);

    if (request.headers.expect !== undefined) response.writeContinue();
    const body = await readBody(request, load);
    switch (body) {
      case 'gone':
        return;
      case 'too-large':
        return this.refuseTooLarge(request, response);
      case 'no-room':
        this.parts.metrics.refused('busy');
        return sendAndClose(request, response, writer, textAnswer(503, HTTP_TEXTS.busy));
    }
    try {
      await this.answer(body, request, response);
    } finally {
      load.release(body.length);
    }
  }

  /** A place is taken only for a whole body: a slow client holds a connection, never a place. */
  private async answer(body: Buffer, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { load, writer, metrics } = this.parts;
    if (!load.enter()) return this.refuse('busy', textAnswer(503, HTTP_TEXTS.busy), request, response);
    try {
      const answer = await this.handler.handle(body);
      metrics.addBytes(body.length, answer.body.length);
      writer.send(response, answer);
    } finally {
      load.leave();
    }
  }

  private refuseTooLarge(request: IncomingMessage, response: ServerResponse): void {
    this.parts.metrics.refused('too_large');
    sendAndClose(request, response, this.parts.writer, textAnswer(413, HTTP_TEXTS.tooLarge));
  }

  private refuse(reason: Refusal, answer: HttpAnswer, request: IncomingMessage, response: ServerResponse): void {
    this.parts.metrics.refused(reason);
    discardAndSend(request, response, this.parts.writer, answer);
  }
}
