import type { Socket } from 'node:net';
import type { Server } from 'node:tls';
import type { Clock } from '../clock.js';
import { ConnectionShares, type Arrival, type ShareLimits } from './connection-shares.js';

export interface HandshakeLimits extends ShareLimits {
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
  connections: Infinity,
  waitMs: 5_000,
};

export interface HandshakeGateOptions {
  readonly clock: Clock;
  /** What counts as one source; the address itself when nothing is said. */
  readonly sourceOf?: (address: string) => string;
  /** Tests shorten them. */
  readonly limits?: Partial<HandshakeLimits>;
}

interface Waiting {
  readonly connection: Arrival;
  readonly begin: () => void;
  readonly deadline: number;
}

/**
 * Stands before the handshakes of a TLS server: requests on open connections go first, sources take turns, and none
 * has more than its share.
 */
export class HandshakeGate {
  readonly #clock: Clock;
  readonly #sourceOf: (address: string) => string;
  readonly #limits: HandshakeLimits;
  readonly #shares: ConnectionShares;
  /** Sources with somebody waiting; who comes first is served next. */
  readonly #queue = new Map<string, Waiting[]>();
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
    this.#shares = new ConnectionShares(this.#limits);
  }

  /** Connections that wait for their handshake. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Connections refused or given up so far. */
  get refused(): number {
    return this.#refused;
  }

  /** Connections closed so far for one of another source. */
  get gaveWay(): number {
    return this.#shares.gaveWay;
  }

  /** Sources with a connection. */
  get sources(): number {
    return this.#shares.sources;
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
    const source = this.#sourceOf(connection.remoteAddress ?? '');
    const waiting = this.#queue.get(source) ?? [];
    const { waitingOfSource, waitMs } = this.#limits;
    const mayCome = waiting.length < waitingOfSource && this.#shares.mayHaveAnother(source);
    if (!mayCome || !this.#makeRoomFor(waiting.length)) {
      this.#refuse(connection);
      return;
    }
    this.#shares.add(source, connection);
    waiting.push({ connection, begin, deadline: this.#clock.monotonicMs() + waitMs });
    this.#queue.set(source, waiting);
    if (this.#waiting === 0) this.#sinceMs = this.#clock.monotonicMs();
    this.#waiting += 1;
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
    const [first] = this.#queue;
    if (first === undefined) return undefined;
    const [source, waiting] = first;
    const next = waiting.shift();
    this.#waiting -= 1;
    this.#queue.delete(source);
    if (waiting.length > 0) this.#queue.set(source, waiting);
    return next;
  }

  /** Where all that may wait do, somebody of a source with more than its share goes for one with less, which has `own`. */
  #makeRoomFor(own: number): boolean {
    const { waiting } = this.#limits;
    if (this.#waiting < waiting) return true;
    const share = waiting / (this.#queue.size + 1);
    if (own + 1 > share) return false;
    for (const others of this.#queue.values()) {
      const last = others.length > share ? others.pop() : undefined;
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
}
