import { NoRespondersError, RequestError, TimeoutError, type NatsConnection } from '@nats-io/transport-node';
import { Bus, BusFault, BusTimeout, BusUnavailable } from './bus.js';
import { FAILURE_HEADER } from './bus-server.js';

/** The bus over one NATS connection. While that is down, requests fail at once instead of piling up. */
export class NatsBus extends Bus {
  readonly #listeners = new Set<() => void>();
  #isConnected = true;

  constructor(private readonly connection: NatsConnection) {
    super();
    void this.#follow();
  }

  get connected(): boolean {
    return this.#isConnected && !this.connection.isClosed();
  }

  async request(subject: string, data: Uint8Array, { timeoutMs }: { readonly timeoutMs: number }): Promise<Uint8Array> {
    if (!this.connected) throw new BusUnavailable(subject, 'not connected');
    let reply;
    try {
      reply = await this.connection.request(subject, data, { timeout: Math.max(1, Math.floor(timeoutMs)) });
    } catch (cause) {
      throw translated(cause, subject);
    }
    switch (reply.headers?.get(FAILURE_HEADER)) {
      case undefined:
      case '':
        return reply.data;
      case 'busy':
        throw new BusUnavailable(subject, 'busy');
      default:
        throw new BusFault(subject);
    }
  }

  publish(subject: string, data: Uint8Array): void {
    if (this.connected) this.connection.publish(subject, data);
  }

  subscribe(subject: string, handler: (data: Uint8Array) => void): () => void {
    const subscription = this.connection.subscribe(subject, {
      callback: (problem, message) => {
        if (problem === null) handler(message.data);
      },
    });
    return () => subscription.unsubscribe();
  }

  onConnected(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #follow(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type === 'disconnect') this.#isConnected = false;
      if (status.type !== 'reconnect') continue;
      this.#isConnected = true;
      for (const listener of this.#listeners) listener();
    }
  }
}

function translated(cause: unknown, subject: string): Error {
  if (cause instanceof TimeoutError) return new BusTimeout(subject);
  if (cause instanceof NoRespondersError || (cause instanceof RequestError && cause.isNoResponders())) {
    return new BusUnavailable(subject, 'no responder');
  }
  return new BusUnavailable(subject, cause instanceof Error ? cause.name : 'unknown');
}
