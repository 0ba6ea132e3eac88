import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { headers, type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { lastValueFrom } from 'rxjs';
import type { Log } from '../log/log.js';

/** Reply header that says why there is no answer: `busy` or `fault`. */
export const FAILURE_HEADER = 'Starling-Failure';

/**
 * Calls that one replica works on at the same time. More than a Redis and its peers can use at once only makes
 * everybody wait longer; what is beyond is told so at once and may be tried elsewhere.
 */
const MAX_CALLS = 1_000;
/** What is still running at shutdown may take this long; callers give up at 9 s. */
const DRAIN_MS = 10_000;

/**
 * Serves `@MessagePattern(subject)` handlers over NATS, in a queue group, with bytes in and bytes out:
 * a handler gets `@Payload() data: Uint8Array` and returns a `Uint8Array`.
 */
export class BusServer extends Server implements CustomTransportStrategy {
  readonly #subscriptions: Subscription[] = [];
  readonly #running = new Set<Promise<void>>();

  constructor(
    private readonly connection: NatsConnection,
    private readonly queueGroup: string,
    private readonly log: Log,
  ) {
    super();
  }

  listen(callback: () => void): void {
    for (const [subject, handler] of this.messageHandlers) {
      const subscription = this.connection.subscribe(subject, {
        queue: this.queueGroup,
        callback: (problem, message) => {
          if (problem === null) this.#accept(subject, handler, message);
        },
      });
      this.#subscriptions.push(subscription);
    }
    callback();
  }

  /** Takes no new calls and lets those that run finish, within bounds. */
  async close(): Promise<void> {
    await Promise.all(this.#subscriptions.map((subscription) => subscription.drain()));
    if (this.#running.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, DRAIN_MS);
    });
    await Promise.race([Promise.all(this.#running), patience]);
    clearTimeout(timer);
  }

  on(): never {
    throw new Error('the bus has no events of its own');
  }

  unwrap<T = NatsConnection>(): T {
    return this.connection as T;
  }

  #accept(subject: string, handler: MessageHandler, message: Msg): void {
    if (this.#running.size >= MAX_CALLS) {
      refuse(message, 'busy');
      return;
    }
    const run = this.#run(subject, handler, message).finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  async #run(subject: string, handler: MessageHandler, message: Msg): Promise<void> {
    try {
      const answer: unknown = await lastValueFrom(this.transformToObservable(await handler(message.data)));
      if (!(answer instanceof Uint8Array)) throw new TypeError('a bus handler must return bytes');
      message.respond(answer);
    } catch (cause) {
      this.log.error('bus_handler_failed', {
        method: subject,
        reason: cause instanceof Error ? cause.name : 'unknown',
      });
      refuse(message, 'fault');
    }
  }
}

function refuse(message: Msg, why: 'busy' | 'fault'): void {
  const reason = headers();
  reason.set(FAILURE_HEADER, why);
  message.respond(new Uint8Array(), { headers: reason });
}
