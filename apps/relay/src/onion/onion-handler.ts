import { Inject, Injectable } from '@nestjs/common';
import { OnionParseError, parseEntry, type HopFrame } from '#protocol';
import { RELAY_LIMITS, type RelayLimits } from '../limits/budget.js';
import type { BodyHandler } from '../listener/body-route.js';
import { CONTENT_TYPES, textAnswer, type HttpAnswer } from '../listener/http-answer.js';
import { RelayMetrics } from '../relay.metrics.js';
import { OnionHop } from './onion-hop.js';

/** A media type that may be repeated in a header: visible ASCII, no room for anything else. */
const REPEATABLE_TYPE = /^[ -~]{1,100}$/;

/** `POST /onion_req/v2`: this node is the entry. docs/protocol/onion.md §3.2, §5.2 */
@Injectable()
export class OnionHandler implements BodyHandler {
  constructor(
    @Inject(OnionHop) private readonly hop: OnionHop,
    @Inject(RelayMetrics) private readonly metrics: RelayMetrics,
    @Inject(RELAY_LIMITS) private readonly limits: RelayLimits,
  ) {}

  refuse(): null {
    return null;
  }

  async handle(body: Uint8Array): Promise<HttpAnswer> {
    let frame: HopFrame;
    try {
      const { ciphertext, ...entry } = parseEntry(body);
      frame = { ...entry, data: ciphertext };
    } catch (cause) {
      if (!(cause instanceof OnionParseError)) throw cause;
      this.metrics.onion('client', 'parse_error', 'none', 0);
      return textAnswer(cause.reply.status, cause.reply.body);
    }
    const { entryMs, entryBytesPerMs } = this.limits;
    const answer = await this.hop.handle(frame, 'client', entryMs + body.length / entryBytesPerMs);
    return { status: answer.status, contentType: contentType(answer.contentType), body: answer.body };
  }
}

/** Replies of nodes are `text/plain` whatever they hold; a server's own type reaches a client one hop away. */
function contentType(ofServer: string | undefined): string {
  return ofServer !== undefined && REPEATABLE_TYPE.test(ofServer) ? ofServer : CONTENT_TYPES.text;
}
