import { BodyCollector } from './body-collector.js';
import { OTHER_VERSION_STATUS } from './peer-contract.js';
import type { Abort, AnswerSink } from './peer-exchange.js';
import { PeerProtocolError, PeerTimeout, PeerUnreachable } from './peer-transport.js';
import { MAX_BODY_BYTES } from './wire.js';

/** What to do with one answer. `settled` comes once; `ended` once, when the connection is free, maybe later. */
export interface AnswerListener {
  /** The connection ended before a byte of the answer. True when the request is now with another one. */
  lost(): boolean;
  settled(problem: Error | null, body: Buffer): void;
  ended(): void;
}

/** No answer at all, and the refusals that do not depend on the request. docs/protocol/peer.md §5 */
const SHUNNED = new Set([0, 403, OTHER_VERSION_STATUS]);

const NOTHING = Buffer.alloc(0);

/** Where the bytes of answers are counted while they come in. */
export interface AnswerRoom {
  /** False when there is no room for so many more. `before`: what is held of the same answer already, `announced`: its length. */
  hold(bytes: number, before: number, announced: number): boolean;
  release(bytes: number): void;
}

/** Gathers one answer, within its time. */
export class AnswerCollector implements AnswerSink {
  readonly #timer: NodeJS.Timeout;
  #abort: Abort | undefined;
  #body = new BodyCollector(0);
  #status = 0;
  #announced = 0;
  #isSettled = false;
  #problem: Error | null = null;

  constructor(
    private readonly listener: AnswerListener,
    timeoutMs: number,
    private readonly room: AnswerRoom,
  ) {
    this.#timer = setTimeout(() => this.#expire(), Math.max(1, timeoutMs));
  }

  /** The peer cut us off, does not know us or cannot be understood: what comes next would fare no better. */
  get isShunned(): boolean {
    return this.#problem instanceof PeerUnreachable && SHUNNED.has(this.#status);
  }

  /** Ends the wait of a request that has not been handed to a connection. */
  refuse(problem: Error): void {
    this.#settle(problem, NOTHING);
  }

  begun(abort: Abort): void {
    this.#abort = abort;
    if (this.#isSettled) abort(late());
  }

  head(status: number, bytes: number): void {
    this.#status = status;
    this.#announced = bytes;
    if (bytes > MAX_BODY_BYTES) this.#abort?.(tooLong());
    else this.#body = new BodyCollector(bytes);
  }

  piece(bytes: Buffer): void {
    if (this.#isSettled) return;
    if (this.room.hold(bytes.length, this.#body.bytes, this.#announced)) this.#body.add(bytes);
    else this.#abort?.(new PeerUnreachable('no room for the answer'));
  }

  answered(): void {
    if (this.#status === 200) this.#settle(null, this.#body.finish());
    else this.#settle(failure(this.#status), NOTHING);
    this.listener.ended();
  }

  broken(cause: Error): void {
    const isOurs = cause instanceof PeerTimeout || cause instanceof PeerProtocolError;
    if (!isOurs && this.#status === 0 && !this.#isSettled && this.listener.lost()) return;
    this.#settle(isOurs ? cause : new PeerUnreachable(cause.message), NOTHING);
    this.listener.ended();
  }

  /** A request that still waits for its connection cannot be aborted yet: its caller is told, the rest follows. */
  #expire(): void {
    this.#settle(late(), NOTHING);
    this.#abort?.(late());
  }

  #settle(problem: Error | null, body: Buffer): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#problem = problem;
    clearTimeout(this.#timer);
    this.room.release(this.#body.bytes);
    this.listener.settled(problem, body);
  }
}

const late = (): PeerTimeout => new PeerTimeout('no answer in time');
const tooLong = (): PeerProtocolError => new PeerProtocolError('the answer is too long');

/** docs/protocol/peer.md §5 */
function failure(status: number): Error {
  switch (status) {
    case 400:
    case 404:
    case 413:
      return new PeerProtocolError(`the peer cannot read our request (${status})`);
    case 504:
      return new PeerTimeout('the peer ran out of time');
    case OTHER_VERSION_STATUS:
      return new PeerUnreachable(`the peer speaks a version of the contract that is too far from ours (${status})`);
    default:
      return new PeerUnreachable(`the peer refuses to work for us (${status})`);
  }
}
