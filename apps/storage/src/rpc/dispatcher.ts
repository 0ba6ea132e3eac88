import { Inject, Injectable } from '@nestjs/common';
import { Clock, faultFields, Log } from '#platform';
import { ProtocolError, toWire, type RpcRequest, type SimpleRequest } from '#protocol';
import { runBatch, runSequence } from '../batch/batch.js';
import { StorageMetrics } from '../storage.metrics.js';
import { replyOf, type RpcHandler, type RpcReply } from './rpc-handler.js';

export const RPC_HANDLERS = Symbol('RPC_HANDLERS');

/** One table of methods. Turns whatever a handler throws into words. */
@Injectable()
export class Dispatcher {
  readonly #handlers: ReadonlyMap<string, RpcHandler<SimpleRequest>>;

  constructor(
    @Inject(RPC_HANDLERS) handlers: readonly RpcHandler<SimpleRequest>[],
    @Inject(StorageMetrics) private readonly metrics: StorageMetrics,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {
    this.#handlers = new Map(handlers.map((handler) => [handler.method, handler]));
  }

  /** Never rejects. */
  run(request: RpcRequest): Promise<RpcReply> {
    if (!('requests' in request)) return this.#runOne(request);
    const runParts = request.method === 'batch' ? runBatch : runSequence;
    return runParts(request.requests, (part) => this.#runOne(part));
  }

  /** What the wire says of anything that was thrown; a fault is logged, a refusal is not. */
  refusal(cause: unknown, method: string): RpcReply {
    if (!(cause instanceof ProtocolError)) this.log.error('request_failed', { method, ...faultFields(cause) });
    return replyOf(toWire(cause));
  }

  async #runOne(request: SimpleRequest): Promise<RpcReply> {
    const startMs = this.clock.monotonicMs();
    let reply: RpcReply;
    try {
      const handler = this.#handlers.get(request.method);
      if (handler === undefined) throw new Error(`no handler for a method that can be parsed`);
      reply = await handler.handle(request);
    } catch (cause) {
      reply = this.refusal(cause, request.method);
    }
    this.metrics.handled(request.method, reply.status, this.clock.monotonicMs() - startMs);
    return reply;
  }
}
