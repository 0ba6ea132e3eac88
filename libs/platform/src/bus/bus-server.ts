import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { headers, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import type { Registry } from 'prom-client';
import { isObservable, lastValueFrom } from 'rxjs';
import { faultFields } from '../log/fault-fields.js';
import type { Log } from '../log/log.js';
import { endedWithin } from '../within.js';
import { BusMetrics } from './bus-metrics.js';
import { isBusParts, PART_BYTES, partsOf, sendParts, type BusParts } from './long-reply.js';

/** Reply header that says why there is no answer: `busy` or `fault`. */
export const FAILURE_HEADER = 'Starling-Failure';

/**
 * Calls that one replica works on at the same time. More than a Redis and its peers can use at once only makes
 * everybody wait longer; what is beyond is told so at once and may be tried elsewhere.
 */
const MAX_CALLS = 1_000;
/** What is still running at shutdown may take this long; callers give up at 9 s. */
export const DRAIN_MS = 10_000;
/** For the server to confirm our subscriptions; without it we start all the same. */
const FLUSH_MS = 2_000;

export interface BusServerOptions {
  /** Replicas of a service share it, and with it the calls. */
  readonly queueGroup: string;
  readonly log: Log;
  readonly registry: Registry;
  readonly maxCalls?: number;
}

/**
 * Serves `@MessagePattern(subject)` handlers over NATS, in a queue group, with bytes in and bytes out:
 * a handler gets `@Payload() data: Uint8Array` and returns a `Uint8Array`, or `BusParts` for a reply that is written
 * while it is sent. Register `PassFaultsOn` with it.
 */
export class BusServer extends Server implements CustomTransportStrategy {
  readonly #subscriptions: Subscription[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #metrics: BusMetrics;
  readonly #log: Log;
  readonly #maxCalls: number;

  constructor(
    private readonly connection: NatsConnection,
    private readonly options: BusServerOptions,
  ) {
    super();
    this.#log = options.log;
    this.#maxCalls = options.maxCalls ?? MAX_CALLS;
    this.#metrics = new BusMetrics(options.registry, () => this.#running.size, this.#maxCalls);
  }

  /** Calls back when the NATS server knows our subscriptions, so that "started" means reachable. */
  listen(callback: () => void): void {
    for (const [subject, handler] of this.messageHandlers) {
      const subscription = this.connection.subscribe(subject, {
        queue: this.options.queueGroup,
        callback: (problem, message) => {
          if (problem === null) this.#accept(subject, handler, message);
          else this.#log.warn('bus_subscription_refused', { method: subject, name: problem.name });
        },
      });
      this.#subscriptions.push(subscription);
    }
    void endedWithin(this.connection.flush(), FLUSH_MS).then(() => callback()); // an argument would be a failure
  }

  /** Takes no new calls and lets those that run finish, within bounds. */
  async close(): Promise<void> {
    const drained = Promise.allSettled(this.#subscriptions.map((subscription) => subscription.drain()));
    await endedWithin(
      drained.then(() => Promise.all(this.#running)),
      DRAIN_MS,
    );
  }

  on(): never {
    throw new Error('the bus has no events of its own');
  }

  unwrap(): never {
    throw new Error('inject Bus instead');
  }

  /** Must not throw: it would end the driver's reader. */
  #accept(subject: string, handler: MessageHandler, message: Msg): void {
    if (this.#running.size >= this.#maxCalls) {
      this.#refuse(message, 'busy');
      return;
    }
    const run = this.#run(subject, handler, message).finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  async #run(subject: string, handler: MessageHandler, message: Msg): Promise<void> {
    try {
      const result: unknown = await handler(message.data);
      const answer: unknown = isObservable(result) ? await lastValueFrom(result) : result;
      if (answer instanceof Uint8Array && answer.length <= PART_BYTES) message.respond(answer);
      else await sendParts(this.connection, message, longReply(answer));
      this.#metrics.count('answered');
    } catch (cause) {
      this.#log.error('bus_handler_failed', { method: subject, ...faultFields(cause) });
      this.#refuse(message, 'fault');
    }
  }

  #refuse(message: Msg, why: 'busy' | 'fault'): void {
    this.#metrics.count(why);
    const reason = headers();
    reason.set(FAILURE_HEADER, why);
    try {
      message.respond(new Uint8Array(), { headers: reason });
    } catch {
      // the connection is closing; the caller's deadline ends its wait
    }
  }
}

function longReply(answer: unknown): BusParts {
  if (answer instanceof Uint8Array) return partsOf(answer);
  if (isBusParts(answer)) return answer;
  throw new TypeError('a bus handler must return bytes');
}
