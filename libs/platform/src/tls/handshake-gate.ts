import type { Socket } from 'node:net';
import type { Server } from 'node:tls';
import type { Clock } from '../clock.js';

export interface HandshakeLimits {
  /**
   * Handshakes begun in one turn of the event loop. Each is a millisecond of computing in one piece, as much as 25
   * requests, and all that wait would otherwise be begun together, before any request that came meanwhile.
   */
  readonly perTurn: number;
  /**
   * After a long turn one is begun for each so many milliseconds that it took, up to `mostPerTurn`: a quarter of the
   * time. With two in a turn of a tenth of a second, as hundreds of busy clients make them, others wait for seconds.
   */
  readonly everyMs: number;
  readonly mostPerTurn: number;
  /**
   * The system hands over one connection a turn, first come first served. While every turn brings one, none is begun
   * for so long: turns stay short, and all are soon here, where sources take turns.
   */
  readonly takingMs: number;
  /** Connections that wait for their handshake: some seconds of nothing else. Beyond it sources with many give way. */
  readonly waiting: number;
  /** Of one source among them, so that it needs many to keep others from waiting. */
  readonly waitingOfSource: number;
  /** Connections of one source in all: many people may share an address, but not all of a port's connections. */
  readonly ofSource: number;
  /** After this a client has given up, or is about to: its handshake would be for nothing. */
  readonly waitMs: number;
}

const LIMITS: HandshakeLimits = {
  perTurn: 2,
  everyMs: 4,
  mostPerTurn: 16,
  takingMs: 8,
  waiting: 2_000,
  waitingOfSource: 500,
  ofSource: 2_000,
  waitMs: 5_000,
};

export interface HandshakeGateOptions {
  readonly clock: Clock;
  /** What counts as one source; the address itself when nothing is said. */
  readonly sourceOf?: (address: string) => string;
  /** Tests shorten them. */
  readonly limits?: Partial<HandshakeLimits>;
}

/** What the gate wants of a connection. */
type Arrival = Pick<Socket, 'remoteAddress' | 'destroyed' | 'destroy' | 'once'>;

interface Waiting {
  readonly connection: Arrival;
  readonly begin: () => void;
  readonly deadline: number;
}

interface Source {
  readonly name: string;
  connections: number;
  readonly waiting: Waiting[];
}

/**
 * Stands before the handshakes of a TLS server: requests on open connections go first, sources take turns, and none
 * has more than its share. An address is kept only while it has a connection.
 */
export class HandshakeGate {
  readonly #clock: Clock;
  readonly #sourceOf: (address: string) => string;
  readonly #limits: HandshakeLimits;
  readonly #sources = new Map<string, Source>();
  /** Those of them with somebody waiting; who comes first is served next. */
  readonly #queue = new Set<Source>();
  #waiting = 0;
  #refused = 0;
  #isDue = false;
  #hasArrived = false;
  /** Since when nothing has been begun although somebody waits. */
  #sinceMs = 0;

  constructor({ clock, sourceOf = (address) => address, limits }: HandshakeGateOptions) {
    this.#clock = clock;
    this.#sourceOf = sourceOf;
    this.#limits = { ...LIMITS, ...limits };
  }

  /** Connections that wait for their handshake. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Connections refused or given up so far. */
  get refused(): number {
    return this.#refused;
  }

  /** Sources with a connection. */
  get sources(): number {
    return this.#sources.size;
  }

  /** To be called once, before the server listens, which it must do with `pauseOnConnect`. */
  guard(server: Server): void {
    const begin = server.listeners('connection');
    server.removeAllListeners('connection').on('connection', (socket: Socket) => {
      this.arrive(socket, () => {
        for (const listener of begin) listener.call(server, socket);
      });
    });
  }

  /** A new connection; `begin` starts its handshake. */
  arrive(connection: Arrival, begin: () => void): void {
    const source = this.#known(this.#sourceOf(connection.remoteAddress ?? ''));
    const { waitingOfSource, ofSource, waitMs } = this.#limits;
    const hasAll = source.connections >= ofSource || source.waiting.length >= waitingOfSource;
    if (hasAll || !this.#makeRoomFor(source)) {
      this.#forgetIfGone(source);
      this.#refuse(connection);
      return;
    }
    source.connections += 1;
    connection.once('close', () => {
      source.connections -= 1;
      this.#forgetIfGone(source);
    });
    source.waiting.push({ connection, begin, deadline: this.#clock.monotonicMs() + waitMs });
    if (this.#waiting === 0) this.#sinceMs = this.#clock.monotonicMs();
    this.#waiting += 1;
    this.#queue.add(source);
    this.#hasArrived = true;
    this.#goOnNextTurn();
  }

  #goOnNextTurn(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      const turnMs = this.#clock.monotonicMs() - this.#sinceMs;
      const isTaking = this.#hasArrived && turnMs < this.#limits.takingMs;
      this.#hasArrived = false;
      if (!isTaking) {
        this.#beginSome(turnMs);
        this.#sinceMs = this.#clock.monotonicMs();
      }
      if (this.#waiting > 0) this.#goOnNextTurn();
    });
  }

  #beginSome(turnMs: number): void {
    const { perTurn, everyMs, mostPerTurn } = this.#limits;
    let left = Math.max(perTurn, Math.min(mostPerTurn, Math.floor(turnMs / everyMs)));
    while (left > 0) {
      const next = this.#next();
      if (next === undefined) return;
      if (next.connection.destroyed) continue;
      if (this.#clock.monotonicMs() > next.deadline) {
        this.#refuse(next.connection);
        continue;
      }
      next.begin();
      left -= 1;
    }
  }

  /** The source that was served longest ago comes next, with the one that waited longest. */
  #next(): Waiting | undefined {
    const [source] = this.#queue;
    if (source === undefined) return undefined;
    const next = source.waiting.shift();
    this.#waiting -= 1;
    this.#queue.delete(source);
    if (source.waiting.length > 0) this.#queue.add(source);
    return next;
  }

  /** Where all that may wait do, somebody of a source with more than its share goes for one of a source with less. */
  #makeRoomFor(source: Source): boolean {
    const { waiting } = this.#limits;
    if (this.#waiting < waiting) return true;
    const share = waiting / (this.#queue.size + 1);
    if (source.waiting.length + 1 > share) return false;
    for (const other of this.#queue) {
      const last = other.waiting.length > share ? other.waiting.pop() : undefined;
      if (last === undefined) continue;
      this.#waiting -= 1;
      this.#refuse(last.connection);
      return true;
    }
    return false;
  }

  #refuse(connection: Arrival): void {
    this.#refused += 1;
    connection.destroy();
  }

  #known(name: string): Source {
    const known = this.#sources.get(name);
    if (known !== undefined) return known;
    const source: Source = { name, connections: 0, waiting: [] };
    this.#sources.set(name, source);
    return source;
  }

  #forgetIfGone(source: Source): void {
    if (source.connections === 0) this.#sources.delete(source.name);
  }
}
