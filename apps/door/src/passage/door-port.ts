import { createServer, type Server, type Socket } from 'node:net';
import { ByteRoom, listenOn, sourceOf, writeDoorHeader } from '#platform';
import type { Refusal } from '../door.metrics.js';
import { Passage, type PassageParts } from './passage.js';

/** One of the two ports: takes connections within its bounds and begins a passage for each. docs/protocol/door.md §4 */
export class DoorPort {
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  /** A source is known only while it has a connection. */
  readonly #ofSource = new Map<string, number>();
  readonly #kept: ByteRoom;

  constructor(private readonly parts: PassageParts & { readonly maxConnections: number; readonly took: () => void }) {
    this.#kept = new ByteRoom(parts.limits.keptInAllBytes);
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
    this.#server.maxConnections = parts.maxConnections;
    this.#server.on('connection', (client: Socket) => this.#take(client));
    this.#server.on('drop', () => parts.refused('full'));
  }

  get open(): number {
    return this.#clients.size;
  }

  /** Resolves with the port. Rejects with the system's error when the address cannot be had. */
  listen(host: string, port: number): Promise<number> {
    return listenOn(this.#server, host, port);
  }

  /** No new connections. Settles when those that are there have ended. */
  stopAccepting(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** Ends every connection, whatever is going on there. */
  cut(): void {
    for (const client of this.#clients) client.destroy();
  }

  #take(client: Socket): void {
    const { remoteAddress, remotePort, localAddress, localPort } = client;
    const header = writeDoorHeader(
      { address: remoteAddress ?? '', port: remotePort ?? 0 },
      { address: localAddress ?? '', port: localPort ?? 0 },
    );
    if (header === null) {
      client.destroy(); // it has left already: it has no address any more
      return;
    }
    const source = sourceOf(remoteAddress ?? '');
    const count = this.#ofSource.get(source) ?? 0;
    if (count >= this.parts.limits.ofSource) {
      this.#refuse(client, 'source');
      return;
    }
    this.#ofSource.set(source, count + 1);
    this.#clients.add(client);
    client.once('close', () => this.#forget(client, source));
    this.parts.took();
    new Passage(client, header, this.#kept, this.parts);
  }

  #refuse(client: Socket, reason: Refusal): void {
    this.parts.refused(reason);
    client.destroy();
  }

  #forget(client: Socket, source: string): void {
    this.#clients.delete(client);
    const left = (this.#ofSource.get(source) ?? 1) - 1;
    if (left > 0) this.#ofSource.set(source, left);
    else this.#ofSource.delete(source);
  }
}
