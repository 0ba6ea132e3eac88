import type { Socket } from 'node:net';

/** Whom connections are with: clients, nodes that dialled us, nodes that we dial, outside servers. Values of a metric label. */
export const SURFACES = ['public', 'peer', 'next_hop', 'outside'] as const;
export type Surface = (typeof SURFACES)[number];

/** What a connection tells of itself. */
interface Counted extends Pick<Socket, 'bytesRead' | 'bytesWritten'> {
  once(event: 'close', listener: () => void): unknown;
}

export interface Bytes {
  received: number;
  sent: number;
}

/**
 * Of a TLS connection that we dialled only the clear text is told. Its handshake is counted as it was measured
 * between nodes; servers send a chain of certificates, of some 3 KB.
 */
const HANDSHAKES: Readonly<Record<Surface, Bytes>> = {
  public: { received: 0, sent: 0 },
  peer: { received: 0, sent: 0 },
  next_hop: { received: 800, sent: 650 },
  outside: { received: 4_000, sent: 600 },
};
/** And its records: 22 bytes around up to 16 KiB, of which the usual 2 KiB are a hundredth. */
const RECORDS = 1.01;

interface Watched {
  readonly socket: Counted;
  readonly surface: Surface;
  readonly of: (bytes: number) => number;
  /** What has been added to the totals. */
  readonly seen: Bytes;
}

/**
 * The bytes of all connections of this process: what sockets count anyway, read when somebody asks. Connections that
 * were accepted tell what went over TCP, with handshakes and records of TLS.
 */
export class LineMeter {
  readonly #watched = new Set<Watched>();
  readonly #totals: Readonly<Record<Surface, Bytes>> = {
    public: nothing(),
    peer: nothing(),
    next_hop: nothing(),
    outside: nothing(),
  };

  /** A connection that we accepted, before its handshake. */
  accepted(socket: Counted, surface: 'public' | 'peer'): void {
    this.#watch(socket, surface, same);
  }

  /** One that we dialled, after its handshake. */
  dialled(socket: Counted & { readonly encrypted?: boolean }, surface: 'next_hop' | 'outside'): void {
    if (socket.encrypted !== true) {
      this.#watch(socket, surface, same);
      return;
    }
    const total = this.#totals[surface];
    total.received += HANDSHAKES[surface].received;
    total.sent += HANDSHAKES[surface].sent;
    this.#watch(socket, surface, withRecords);
  }

  /** Since the start. */
  read(): Readonly<Record<Surface, Readonly<Bytes>>> {
    for (const watched of this.#watched) this.#add(watched);
    return this.#totals;
  }

  /** In and out together, over all surfaces. */
  get bytes(): number {
    const totals = this.read();
    return SURFACES.reduce((sum, surface) => sum + totals[surface].received + totals[surface].sent, 0);
  }

  #watch(socket: Counted, surface: Surface, of: Watched['of']): void {
    const watched = { socket, surface, of, seen: nothing() };
    this.#watched.add(watched);
    socket.once('close', () => {
      this.#add(watched);
      this.#watched.delete(watched);
    });
  }

  #add({ socket, surface, of, seen }: Watched): void {
    const total = this.#totals[surface];
    const received = of(socket.bytesRead);
    const sent = of(socket.bytesWritten);
    total.received += received - seen.received;
    total.sent += sent - seen.sent;
    seen.received = received;
    seen.sent = sent;
  }
}

const nothing = (): Bytes => ({ received: 0, sent: 0 });
const same = (bytes: number): number => bytes;
const withRecords = (bytes: number): number => Math.round(bytes * RECORDS);
