import { Counter, Gauge, type Registry } from 'prom-client';
import type { Backlog } from './backlog.js';

/** Why we ended a connection: the client did not read, went silent, sent what is no message, or more than there is room for. */
const ENDINGS = [
  'slow_reader',
  'silent',
  'idle',
  'slow_message',
  'unreadable',
  'no_room',
  'fault',
  'shutdown',
] as const;
export type Ending = (typeof ENDINGS)[number];

/** A push that could not be sent is lost: the client had gone, or did not read and was cut off. */
const PUSHES = ['sent', 'lost'] as const;

/** What streams count. No label ever holds an account, an address or a message hash. */
export class StreamMetrics {
  readonly #connections: Gauge;
  readonly #endings: Counter<'reason'>;
  readonly #pushes: Counter<'outcome'>;

  constructor(registry: Registry, backlog: Backlog) {
    const registers = [registry];
    this.#connections = new Gauge({
      name: 'relay_stream_connections',
      help: 'Streams of clients that are open in this process',
      registers,
    });
    this.#endings = new Counter({
      name: 'relay_stream_endings_total',
      help: 'Streams that this node ended, by the reason',
      labelNames: ['reason'],
      registers,
    });
    this.#pushes = new Counter({
      name: 'relay_stream_pushes_total',
      help: 'New messages that subscribers were told of, by what became of the push',
      labelNames: ['outcome'],
      registers,
    });
    for (const outcome of PUSHES) this.#pushes.inc({ outcome }, 0);
    for (const reason of ENDINGS) this.#endings.inc({ reason }, 0); // a first scrape lacks no series
    new Gauge({
      name: 'relay_stream_waiting_bytes',
      help: 'Bytes that wait for clients of streams to read them',
      registers,
      collect() {
        this.set(backlog.bytes);
      },
    });
  }

  opened(): void {
    this.#connections.inc();
  }

  closed(): void {
    this.#connections.dec();
  }

  pushed(outcome: (typeof PUSHES)[number]): void {
    this.#pushes.inc({ outcome });
  }

  ended(reason: Ending): void {
    this.#endings.inc({ reason });
  }
}
