import { createInbox, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { BusTimeout, BusUnavailable } from './bus.js';

/** Beyond every bound on work at a time that a service has; a caller that gets here is told so at once. */
const MAX_REQUESTS = 5_000;
/** Status of an answer that the server gives itself: nobody listens. */
const NO_RESPONDERS = 503;

interface Waiting {
  readonly subject: string;
  readonly timer: NodeJS.Timeout;
  readonly resolve: (answer: Msg) => void;
  readonly reject: (cause: Error) => void;
}

/**
 * Requests of one connection, whose answers come in on one subscription. The driver can do this too, and makes an error
 * with its stack for every answer, which costs more than the rest of a request.
 */
export class ReplyInbox {
  readonly #prefix = `${createInbox()}.`;
  readonly #waiting = new Map<string, Waiting>();
  #requests = 0;

  constructor(private readonly connection: NatsConnection) {
    connection.subscribe(`${this.#prefix}*`, {
      callback: (problem, answer) => {
        if (problem === null) this.#deliver(answer);
      },
    });
    void connection.closed().then(() => this.abandon());
  }

  /** Throws BusTimeout or BusUnavailable. */
  ask(subject: string, data: Uint8Array, timeoutMs: number): Promise<Msg> {
    if (this.#waiting.size >= MAX_REQUESTS) return Promise.reject(new BusUnavailable(subject, 'too many requests'));
    const token = (++this.#requests).toString(36);
    return new Promise((resolve, reject) => {
      const late = (): void => this.#take(token)?.reject(new BusTimeout(subject));
      const timer = setTimeout(late, Math.max(1, Math.floor(timeoutMs)));
      this.#waiting.set(token, { subject, timer, resolve, reject });
      try {
        this.connection.publish(subject, data, { reply: this.#prefix + token });
      } catch (cause) {
        this.#take(token)?.reject(new BusUnavailable(subject, cause instanceof Error ? cause.name : 'unknown'));
      }
    });
  }

  /** The connection is gone, and with it the answers: waiting for the deadline would not bring them. */
  abandon(): void {
    for (const token of this.#waiting.keys()) {
      const waiting = this.#take(token);
      waiting?.reject(new BusUnavailable(waiting.subject, 'connection lost'));
    }
  }

  #deliver(answer: Msg): void {
    const waiting = this.#take(answer.subject.slice(this.#prefix.length)); // none for an answer that comes too late
    if (waiting === undefined) return;
    const isUnheard = answer.data.length === 0 && answer.headers?.code === NO_RESPONDERS;
    if (isUnheard) waiting.reject(new BusUnavailable(waiting.subject, 'no responder'));
    else waiting.resolve(answer);
  }

  #take(token: string): Waiting | undefined {
    const waiting = this.#waiting.get(token);
    if (waiting === undefined) return undefined;
    this.#waiting.delete(token);
    clearTimeout(waiting.timer);
    return waiting;
  }
}
