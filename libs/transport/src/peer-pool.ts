import type { SecureContext, TLSSocket } from 'node:tls';
import type { Clock } from '#platform';
import { AnswerCollector, type AnswerRoom } from './answer-collector.js';
import { PeerLink, type PeerRequest } from './peer-link.js';
import type { PeerContract } from './peer-contract.js';
import { PeerProtocolError, PeerUnreachable, type PeerAddress } from './peer-transport.js';
import { bytesOf, MAX_BODY_BYTES } from './wire.js';

export interface PoolLimits {
  /**
   * Connections to one peer. Each carries one request at a time, and a request may have to wait for nodes far behind
   * the peer: with few connections, a few that are slow on purpose would stop everybody else's.
   */
  readonly connections: number;
  /** Handshakes with one peer at the same time: they cost more than the requests that wait for them. */
  readonly handshakes: number;
  /** Requests that may wait for a connection. Beyond it the peer is too slow for us and callers are told. */
  readonly waiting: number;
  readonly firstBackOffMs: number;
  readonly longestBackOffMs: number;
}

const POOL_LIMITS: PoolLimits = {
  connections: 128,
  handshakes: 4,
  waiting: 1_000,
  firstBackOffMs: 250,
  longestBackOffMs: 5_000,
};

interface Job {
  readonly request: PeerRequest;
  readonly collector: AnswerCollector;
  link: PeerLink | undefined;
  /** Whether a kept connection has already ended under it. */
  isSecondTry: boolean;
}

/** Our kept-alive connections to one peer. A peer that cannot be reached is left alone for a growing while. */
export class PeerPool {
  readonly #links = new Set<PeerLink>();
  /** The one used last comes first, so that those that are not needed grow idle and close. */
  readonly #idle: PeerLink[] = [];
  readonly #queue: Job[] = [];
  #backOffMs = 0;
  #silentUntil = 0;
  #isClosed = false;

  constructor(
    private readonly peer: PeerAddress,
    private readonly context: () => SecureContext,
    private readonly clock: Clock,
    private readonly contract: PeerContract,
    private readonly room: AnswerRoom,
    private readonly onConnection: (socket: TLSSocket) => void,
    private readonly limits: PoolLimits = POOL_LIMITS,
  ) {}

  /** Requests that have no connection yet. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** The body of an answer with status 200. Throws PeerError. */
  post(request: PeerRequest, timeoutMs: number): Promise<Buffer> {
    if (bytesOf(request.body) > MAX_BODY_BYTES) return Promise.reject(new PeerProtocolError('the request is too long'));
    if (this.#isClosed) return refused('closed');
    if (this.clock.monotonicMs() < this.#silentUntil) return refused('left alone after a failure');
    if (this.#queue.length >= this.limits.waiting) return refused('too many requests wait for this peer');
    return new Promise((resolve, reject) => {
      const collector = new AnswerCollector(
        {
          lost: () => this.#tryAgain(job),
          settled: (problem, body) => {
            if (problem === null) resolve(body);
            else reject(problem);
            if (job.link === undefined) this.#forget(job);
          },
          ended: () => this.#ended(job),
        },
        timeoutMs,
        this.room,
      );
      const job: Job = { request, collector, link: undefined, isSecondTry: false };
      this.#place(job);
    });
  }

  /** Lets requests under way finish, takes no new ones, and closes what is idle. */
  retire(): void {
    this.#isClosed = true;
    for (const link of this.#idle.splice(0)) this.#discard(link);
  }

  /** Cuts off everything. */
  destroy(): void {
    this.retire();
    this.#refuseWaiting('closed');
    for (const link of this.#links) link.destroy();
    this.#links.clear();
  }

  #place(job: Job): void {
    const link = this.#idle.pop() ?? this.#newLink();
    if (link === undefined) this.#queue.push(job);
    else this.#run(job, link);
  }

  /**
   * A connection that was kept is closed by a peer that stops, or that waited long enough, and a request may be on its
   * way at that moment: it says nothing about the peer. Once, and on a new connection, for the other kept ones may
   * fare alike. docs/protocol/peer.md §1.3
   */
  #tryAgain(job: Job): boolean {
    const { link } = job;
    if (link?.hasServed !== true || job.isSecondTry || this.#isClosed) return false;
    this.#discard(link);
    job.isSecondTry = true;
    job.link = undefined;
    const next = this.#newLink();
    if (next === undefined) this.#queue.unshift(job);
    else this.#run(job, next);
    return true;
  }

  #run(job: Job, link: PeerLink): void {
    job.link = link;
    link.send(job.request, job.collector);
  }

  /** Undefined when enough are open or about to be. After a failure one is tried before more are. */
  #newLink(): PeerLink | undefined {
    if (this.#links.size >= this.limits.connections) return undefined;
    const handshakes = this.#backOffMs > 0 ? 1 : this.limits.handshakes;
    if (this.#opening() >= handshakes) return undefined;
    const link = new PeerLink(this.peer, this.context(), this.contract, {
      connected: (socket) => {
        this.onConnection(socket);
        this.#serveQueue();
      },
      failed: () => {
        this.#links.delete(link);
        this.#backOff();
      },
      closed: () => {
        const at = this.#idle.indexOf(link);
        if (at < 0) return; // its request is about to fail, and ends it
        this.#idle.splice(at, 1);
        this.#discard(link);
      },
    });
    this.#links.add(link);
    return link;
  }

  #opening(): number {
    let count = 0;
    for (const link of this.#links) if (!link.isAlive) count += 1;
    return count;
  }

  /** A link that is done takes the next request that waits. */
  #ended({ link, collector }: Job): void {
    if (link === undefined || !this.#links.has(link)) return;
    if (collector.isShunned) {
      // In TLS 1.3 a refusal of our certificate comes only now, after the handshake.
      if (!link.hasServed) this.#backOff();
    } else {
      link.hasServed = true;
      this.#backOffMs = 0;
    }
    if (this.#isClosed || !link.isAlive) {
      this.#discard(link);
      this.#serveQueue();
      return;
    }
    const next = this.#queue.shift();
    if (next === undefined) this.#idle.push(link);
    else this.#run(next, link);
  }

  /** More may be opened now than when the first in the queue came. */
  #serveQueue(): void {
    while (this.#queue.length > 0) {
      const link = this.#idle.pop() ?? this.#newLink();
      if (link === undefined) return;
      const job = this.#queue.shift();
      if (job !== undefined) this.#run(job, link);
    }
  }

  #forget(job: Job): void {
    const at = this.#queue.indexOf(job);
    if (at >= 0) this.#queue.splice(at, 1);
  }

  #discard(link: PeerLink): void {
    if (this.#links.delete(link)) link.destroy();
  }

  /** Nobody else needs to wait for what has just been tried. */
  #backOff(): void {
    const { firstBackOffMs, longestBackOffMs } = this.limits;
    const now = this.clock.monotonicMs();
    if (now < this.#silentUntil) return; // handshakes that failed together count once
    this.#backOffMs = Math.min(Math.max(2 * this.#backOffMs, firstBackOffMs), longestBackOffMs);
    this.#silentUntil = now + this.#backOffMs;
    this.#refuseWaiting('no connection');
  }

  #refuseWaiting(why: string): void {
    for (const { collector } of this.#queue.splice(0)) collector.refuse(new PeerUnreachable(why));
  }
}

const refused = (why: string): Promise<never> => Promise.reject(new PeerUnreachable(why));
