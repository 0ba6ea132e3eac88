import type { IncomingMessage } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import type { RpcAnswer } from '#contracts';
import { Clock } from '#platform';
import { RELAY_LIMITS, type RelayLimits } from '../limits/budget.js';
import type { BodyHandler } from '../listener/body-route.js';
import { CONTENT_TYPES, textAnswer, type HttpAnswer } from '../listener/http-answer.js';
import { HTTP_TEXTS } from '../listener/http-texts.js';
import { REASONS, Standing } from '../readiness/standing.js';
import { RelayMetrics } from '../relay.metrics.js';
import { StorageRpc, StorageUnavailable } from './storage-rpc.js';

/** `POST /storage_rpc/v1`: a client asks without an onion. The body is storage's to read. docs/protocol/storage-rpc.md §1.1 */
@Injectable()
export class RpcHandler implements BodyHandler {
  constructor(
    @Inject(StorageRpc) private readonly storage: StorageRpc,
    @Inject(Standing) private readonly standing: Standing,
    @Inject(RelayMetrics) private readonly metrics: RelayMetrics,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(RELAY_LIMITS) private readonly limits: RelayLimits,
  ) {}

  /** Any value at all counts. docs/protocol/onion.md §5.3 */
  refuse(request: IncomingMessage): HttpAnswer | null {
    const header = request.headers['x-loki-long-poll'];
    return header === undefined || header === '' ? null : textAnswer(410, HTTP_TEXTS.longPoll);
  }

  async handle(body: Uint8Array): Promise<HttpAnswer> {
    const started = this.clock.monotonicMs();
    const answer = await this.ask(body);
    this.metrics.rpc('client', answer.status, this.clock.monotonicMs() - started);
    return answer;
  }

  private async ask(body: Uint8Array): Promise<HttpAnswer> {
    try {
      return present(await this.storage.client(body, this.limits.entryMs));
    } catch (cause) {
      if (!(cause instanceof StorageUnavailable)) throw cause;
      // A whole node that stops may lose its storage first.
      if (this.standing.isLeaving) return textAnswer(503, HTTP_TEXTS.notReady(REASONS.shutdown));
      // Of the known 503 texts the one that is true (it passes, and says nothing about readiness) and that clients
      // answer with one strike and another try. docs/protocol/onion.md §8.6
      return textAnswer(503, HTTP_TEXTS.busy);
    }
  }
}

function present({ status, kind, body }: RpcAnswer): HttpAnswer {
  return { status, contentType: CONTENT_TYPES[kind], body };
}
