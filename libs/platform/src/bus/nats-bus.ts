import {
  NoRespondersError,
  RequestError,
  TimeoutError,
  type Msg,
  type NatsConnection,
  type Status,
} from '@nats-io/transport-node';
import type { Log } from '../log/log.js';
import { faultFields } from '../log/fault-fields.js';
import { endedWithin } from '../within.js';
import { Bus, BusFault, BusTimeout, BusUnavailable } from './bus.js';
import { FAILURE_HEADER } from './bus-server.js';
import { LENGTH_HEADER, takeParts } from './long-reply.js';

/** Beyond every bound on work at a time that a service has; a caller that gets here is told so at once. */
const MAX_REQUESTS = 5_000;
const NOTHING = new Uint8Array();

/** The bus over one NATS connection. While that is down, requests fail at once instead of piling up. */
export class NatsBus extends Bus {
  readonly #listeners = new Set<() => void>();
  readonly #waiting = new Set<() => void>();
  #isConnected = true;

  /** `onState` hears of every loss and return of the connection. */
  constructor(
    private readonly connection: NatsConnection,
    private readonly log: Log,
    private readonly onState: (isConnected: boolean) => void = () => undefined,
  ) {
    super();
    void this.#follow();
  }

  get connected(): boolean {
    return this.#isConnected && !this.connection.isClosed();
  }

  request(subject: string, data: Uint8Array, { timeoutMs }: { readonly timeoutMs: number }): Promise<Uint8Array> {
    if (!this.connected) return Promise.reject(new BusUnavailable(subject, 'not connected'));
    if (this.#waiting.size >= MAX_REQUESTS) return Promise.reject(new BusUnavailable(subject, 'too many requests'));
    return new Promise((resolve, reject) => {
      const lost = (): void => reject(new BusUnavailable(subject, 'connection lost'));
      this.#waiting.add(lost);
      this.#ask(subject, data, timeoutMs)
        .then(resolve, reject)
        .finally(() => this.#waiting.delete(lost));
    });
  }

  async #ask(subject: string, data: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    const deadline = performance.now() + timeoutMs;
    const ask = async (target: string, body: Uint8Array): Promise<Msg> => {
      const timeout = Math.max(1, Math.floor(deadline - performance.now()));
      try {
        return await this.connection.request(target, body, { timeout });
      } catch (cause) {
        throw translated(cause, subject);
      }
    };
    const reply = await ask(subject, data);
    const { headers } = reply;
    if (headers === undefined) return reply.data;
    const refusal = refusalIn(headers.get(FAILURE_HEADER), subject);
    if (refusal !== null) throw refusal;
    if (!headers.has(LENGTH_HEADER)) return reply.data;
    const whole = await takeParts(reply, (next) => ask(next, NOTHING));
    if (whole === undefined) throw new BusFault(subject);
    return whole;
  }

  publish(subject: string, data: Uint8Array): void {
    if (this.connected) this.connection.publish(subject, data);
  }

  subscribe(subject: string, handler: (data: Uint8Array) => void): () => void {
    const subscription = this.connection.subscribe(subject, {
      callback: (problem, message) => {
        if (problem !== null) return; // `#follow` hears of it too
        try {
          handler(message.data);
        } catch (cause) {
          // Thrown on, it would end the driver's reader, and with it everything that this connection receives.
          this.log.error('bus_listener_failed', { method: subject, ...faultFields(cause) });
        }
      },
    });
    return () => subscription.unsubscribe();
  }

  async flushed(timeoutMs: number): Promise<boolean> {
    return this.connected && endedWithin(this.connection.flush(), timeoutMs);
  }

  onConnected(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #follow(): Promise<void> {
    for await (const status of this.connection.status()) this.#hear(status);
  }

  #hear(status: Status): void {
    switch (status.type) {
      case 'disconnect':
        this.#isConnected = false;
        this.#abandon();
        this.log.warn('bus_disconnected');
        this.onState(false);
        break;
      case 'reconnect':
        this.#isConnected = true;
        this.log.info('bus_connected');
        this.onState(true);
        for (const listener of this.#listeners) listener();
        break;
      case 'error':
        this.log.warn('bus_error', { name: status.error.name });
        break;
      default: // news about the cluster, which the driver handles
    }
  }

  /** Their answers were on the connection that is gone: waiting for the deadline would not bring them. */
  #abandon(): void {
    for (const lost of this.#waiting) lost();
    this.#waiting.clear();
  }
}

function refusalIn(failure: string, subject: string): Error | null {
  switch (failure) {
    case '':
      return null;
    case 'busy':
      return new BusUnavailable(subject, 'busy');
    default:
      return new BusFault(subject);
  }
}

function translated(cause: unknown, subject: string): Error {
  if (cause instanceof TimeoutError) return new BusTimeout(subject);
  if (cause instanceof NoRespondersError || (cause instanceof RequestError && cause.isNoResponders())) {
    return new BusUnavailable(subject, 'no responder');
  }
  return new BusUnavailable(subject, cause instanceof Error ? cause.name : 'unknown');
}
