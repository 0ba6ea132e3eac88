import type { Msg, NatsConnection, Status } from '@nats-io/transport-node';
import type { Log } from '../log/log.js';
import { faultFields } from '../log/fault-fields.js';
import { endedWithin } from '../within.js';
import { Bus, BusFault, BusUnavailable } from './bus.js';
import { FAILURE_HEADER } from './bus-server.js';
import { LENGTH_HEADER, takeParts } from './long-reply.js';
import { ReplyInbox } from './reply-inbox.js';

const NOTHING = new Uint8Array();

/** The bus over one NATS connection. While that is down, requests fail at once instead of piling up. */
export class NatsBus extends Bus {
  readonly #listeners = new Set<() => void>();
  readonly #inbox: ReplyInbox;
  #isConnected = true;

  /** `onState` hears of every loss and return of the connection. */
  constructor(
    private readonly connection: NatsConnection,
    private readonly log: Log,
    private readonly onState: (isConnected: boolean) => void = () => undefined,
  ) {
    super();
    this.#inbox = new ReplyInbox(connection);
    void this.#follow();
  }

  get connected(): boolean {
    return this.#isConnected && !this.connection.isClosed();
  }

  async request(subject: string, data: Uint8Array, { timeoutMs }: { readonly timeoutMs: number }): Promise<Uint8Array> {
    const deadline = performance.now() + timeoutMs;
    const reply = await this.#ask(subject, data, timeoutMs);
    const { headers } = reply;
    if (headers === undefined) return reply.data;
    const refusal = refusalIn(headers.get(FAILURE_HEADER), subject);
    if (refusal !== null) throw refusal;
    if (!headers.has(LENGTH_HEADER)) return reply.data;
    const whole = await takeParts(reply, (next) => this.#ask(next, NOTHING, deadline - performance.now()));
    if (whole === undefined) throw new BusFault(subject);
    return whole;
  }

  #ask(subject: string, data: Uint8Array, timeoutMs: number): Promise<Msg> {
    if (!this.connected) return Promise.reject(new BusUnavailable(subject, 'not connected'));
    return this.#inbox.ask(subject, data, timeoutMs);
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
        this.#inbox.abandon();
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
