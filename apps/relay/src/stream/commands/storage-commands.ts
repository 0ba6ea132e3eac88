import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#platform';
import { isMethod, STREAM_TEXTS, type MessagePart } from '#protocol';
import { RELAY_LIMITS, type RelayLimits } from '../../limits/budget.js';
import { RelayMetrics } from '../../relay.metrics.js';
import { StorageRpc, StorageUnavailable } from '../../rpc/storage-rpc.js';
import { HTTP_TEXTS } from '../../listener/http-texts.js';
import { refusal, type Command } from './command.js';
import { RequestGate } from './request-gate.js';

const NOTHING = new Uint8Array();

/** `storage.<method>`: a client's request, whose parameters are storage's to read. docs/protocol/storage-rpc.md §1.3 */
@Injectable()
export class StorageCommands {
  constructor(
    @Inject(RequestGate) private readonly gate: RequestGate,
    @Inject(StorageRpc) private readonly storage: StorageRpc,
    @Inject(RelayMetrics) private readonly metrics: RelayMetrics,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(RELAY_LIMITS) private readonly limits: RelayLimits,
  ) {}

  /** Undefined for a method that there is not. */
  named(method: string): Command | undefined {
    if (!isMethod(method)) return undefined;
    return {
      run: async (parts, { address }) => {
        const refused = this.gate.closed() ?? this.gate.count(address);
        if (refused !== null) return refused;
        if (parts.length > 1) return refusal(400, STREAM_TEXTS.wrongParts(parts.length));
        return this.gate.withPlace(() => this.#ask(method, parts[0] ?? NOTHING));
      },
    };
  }

  async #ask(method: string, params: Uint8Array): Promise<readonly MessagePart[]> {
    const started = this.clock.monotonicMs();
    const answer = await this.storage.stream(method, params, this.limits.entryMs).catch((cause: unknown) => {
      if (cause instanceof StorageUnavailable) return { status: 503, body: HTTP_TEXTS.busy };
      throw cause;
    });
    this.metrics.rpc('client', answer.status, this.clock.monotonicMs() - started);
    return answer.status === 200 ? [answer.body] : [String(answer.status), answer.body];
  }
}
