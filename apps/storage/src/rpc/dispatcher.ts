import { Inject, Injectable } from '@nestjs/common';
import { Clock, CONFIG, faultFields, Log, RedisUnavailable } from '#platform';
import { ProtocolError, toWire, type RecursiveRequest, type RpcRequest, type SimpleRequest } from '#protocol';
import { runBatch, runSequence } from '../batch/batch.js';
import { runIfElse } from '../ifelse/ifelse.js';
import { SwarmView } from '../membership/swarm-view.js';
import { SwarmRunner } from '../replication/swarm-runner.js';
import type { CallPages } from '../retrieve/page-gate.js';
import type { StorageConfig } from '../storage.config.js';
import { StorageMetrics } from '../storage.metrics.js';
import { replyOf, type RpcHandler, type RpcReply } from './rpc-handler.js';

export const RPC_HANDLERS = Symbol('RPC_HANDLERS');

/** What this node answers alone. */
type LocalRequest = Exclude<SimpleRequest, RecursiveRequest>;

/** One table of methods. Turns whatever a handler throws into words. */
@Injectable()
export class Dispatcher {
  readonly #handlers: ReadonlyMap<string, RpcHandler<LocalRequest>>;

  constructor(
    @Inject(RPC_HANDLERS) handlers: readonly RpcHandler<LocalRequest>[],
    @Inject(SwarmRunner) private readonly swarm: SwarmRunner,
    @Inject(SwarmView) private readonly view: SwarmView,
    @Inject(CONFIG) private readonly config: StorageConfig,
    @Inject(StorageMetrics) private readonly metrics: StorageMetrics,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {
    this.#handlers = new Map(handlers.map((handler) => [handler.method, handler]));
  }

  /** Never rejects. */
  run(request: RpcRequest, pages: CallPages): Promise<RpcReply> {
    switch (request.method) {
      case 'batch':
        return runBatch(request.requests, (part) => this.#runOne(part, pages));
      case 'sequence':
        return runSequence(request.requests, (part) => this.#runOne(part, pages));
      case 'ifelse':
        return runIfElse(request, this.#surroundings(), (branch) => this.run(branch, pages));
      default:
        return this.#runOne(request, pages);
    }
  }

  /** What the wire says of anything that was thrown; a fault is logged, a refusal is not. */
  refusal(cause: unknown, method: string): RpcReply {
    const isOurs = !(cause instanceof ProtocolError || cause instanceof RedisUnavailable);
    if (isOurs) this.log.error('request_failed', { method, ...faultFields(cause) });
    return replyOf(toWire(cause));
  }

  async #runOne(request: SimpleRequest, pages: CallPages): Promise<RpcReply> {
    const startMs = this.clock.monotonicMs();
    let reply: RpcReply;
    try {
      const handler = this.#handlers.get(request.method);
      // Whatever is not in the table is a method of the swarm.
      reply = await (handler?.handle(request as LocalRequest, pages) ?? this.swarm.run(request as RecursiveRequest));
    } catch (cause) {
      reply = this.refusal(cause, request.method);
    }
    this.metrics.handled(request.method, reply.status, this.clock.monotonicMs() - startMs);
    return reply;
  }

  #surroundings(): Parameters<typeof runIfElse>[1] {
    return {
      hardfork: this.view.hardfork,
      height: this.view.network?.snapshot.height ?? 0,
      version: this.config.STORAGE_REPORTED_VERSION,
    };
  }
}
