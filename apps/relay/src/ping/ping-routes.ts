import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '#platform';
import { discardAndSend } from '../listener/discard-body.js';
import { CONTENT_TYPES, type AnswerWriter, type HttpAnswer } from '../listener/http-answer.js';

/**
 * The two routes by which others judge this node: never gated by readiness, never counted against a limit, no queue
 * in front. docs/protocol/onion.md §5.4, §11
 */
export class PingRoutes {
  private readonly pong: HttpAnswer = { status: 200, contentType: CONTENT_TYPES.text, body: '' };
  private readonly key: string;
  private readonly version: HttpAnswer;
  private pingedAt: number | undefined;

  /** `publicKey`: the node's key as others know it from the list, 32 bytes. */
  constructor(
    private readonly writer: AnswerWriter,
    private readonly clock: Clock,
    publicKey: Uint8Array,
    version: readonly number[],
  ) {
    this.key = Buffer.from(publicKey).toString('base64');
    const body = JSON.stringify({ version: version.join('.') });
    this.version = { status: 200, contentType: CONTENT_TYPES.json, body };
  }

  /** Undefined when nobody has tested us yet. */
  get secondsSincePing(): number | undefined {
    return this.pingedAt === undefined ? undefined : (this.clock.monotonicMs() - this.pingedAt) / 1000;
  }

  ping(request: IncomingMessage, response: ServerResponse): void {
    this.pingedAt = this.clock.monotonicMs();
    discardAndSend(request, response, this.writer, this.pong, 'X-Oxen-Snode-Pubkey', this.key);
  }

  stats(request: IncomingMessage, response: ServerResponse): void {
    discardAndSend(request, response, this.writer, this.version);
  }
}
