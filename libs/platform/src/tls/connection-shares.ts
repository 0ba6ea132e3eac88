import type { Socket } from 'node:net';

/** What is wanted of a connection. */
export type Arrival = Pick<Socket, 'remoteAddress' | 'destroyed' | 'destroy' | 'once'>;

export interface ShareLimits {
  /** Connections of one source in all: many people may share an address, but not all of a port's connections. */
  readonly ofSource: number;
  /** Of all sources together: what there is memory for. */
  readonly connections: number;
}

/**
 * Who has the connections of a port. Where all are taken, the source with most gives way to one with fewer, so that
 * nobody is kept out by a few that have many. A source is known only while it has a connection.
 */
export class ConnectionShares {
  /** Of each source, the oldest first. */
  readonly #open = new Map<string, Set<Arrival>>();
  #count = 0;
  #gaveWay = 0;

  constructor(private readonly limits: ShareLimits) {}

  /** Sources with a connection. */
  get sources(): number {
    return this.#open.size;
  }

  /** Connections closed so far for one of another source. */
  get gaveWay(): number {
    return this.#gaveWay;
  }

  /** Whether that source may have another connection. Where all are taken it may if another has two more than it. */
  mayHaveAnother(source: string): boolean {
    const own = this.#open.get(source)?.size ?? 0;
    if (own >= this.limits.ofSource) return false;
    return this.#count < this.limits.connections || this.#largest().connections.size > own + 1;
  }

  /** To be asked before: `mayHaveAnother`. Where all are taken, the oldest of the source that has most is closed. */
  add(source: string, connection: Arrival): void {
    if (this.#count >= this.limits.connections) this.#closeOldest();
    const connections = this.#open.get(source) ?? new Set();
    this.#open.set(source, connections.add(connection));
    this.#count += 1;
    connection.once('close', () => this.#remove(source, connection));
  }

  #closeOldest(): void {
    const { source, connections } = this.#largest();
    const [oldest] = connections;
    if (oldest === undefined) return;
    this.#remove(source, oldest);
    this.#gaveWay += 1;
    oldest.destroy();
  }

  #largest(): { readonly source: string; readonly connections: ReadonlySet<Arrival> } {
    let largest = { source: '', connections: new Set<Arrival>() };
    for (const [source, connections] of this.#open) {
      if (connections.size > largest.connections.size) largest = { source, connections };
    }
    return largest;
  }

  #remove(source: string, connection: Arrival): void {
    const connections = this.#open.get(source);
    if (connections?.delete(connection) !== true) return;
    this.#count -= 1;
    if (connections.size === 0) this.#open.delete(source);
  }
}
