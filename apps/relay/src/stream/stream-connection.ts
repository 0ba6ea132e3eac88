import type { Buffer } from 'node:buffer';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { decodeMessage, encodeMessage, InvalidMessage, type MessagePart } from '#protocol';
import type { Clock } from '#platform';
import type { Line } from '../bandwidth/line.js';
import type { Load } from '../limits/load.js';
import type { Backlog } from './backlog.js';
import type { Caller } from './commands/command.js';
import { busyAnswer, type Commands } from './commands/commands.js';
import type { StreamLimits } from './stream-limits.js';
import type { Ending, StreamMetrics } from './stream.metrics.js';
import { UnfinishedMessage } from './unfinished-message.js';

export interface StreamParts {
  readonly commands: Commands;
  readonly load: Load;
  readonly line: Line;
  readonly backlog: Backlog;
  readonly limits: StreamLimits;
  readonly metrics: StreamMetrics;
  readonly clock: Clock;
  /** Told of what a command threw: a fault of this node. */
  readonly onFault: (cause: unknown) => void;
}

/** Codes of RFC 6455 with which we close, and what we say. docs/protocol/stream.md §1.5 */
const CLOSE = {
  shutdown: { code: 1001, words: 'shutting down' },
  idle: { code: 1001, words: 'idle' },
  goodbye: { code: 1000, words: '' },
  unreadable: { code: 1003, words: 'a message is a bencoded list of byte strings' },
  fault: { code: 1011, words: 'request failed' },
} as const;

/** Carries commands over one WebSocket: a message of parts each way is one message of the socket. docs/protocol/stream.md */
export class StreamConnection implements Caller {
  readonly #unfinished: UnfinishedMessage;
  #unanswered = 0;
  #waitingBytes = 0;
  #lastHeardMs: number;
  #lastUsedMs: number;
  #pingedAtMs: number;
  #leaving: 'goodbye' | 'shutdown' | null = null;
  #isEnded = false;

  constructor(
    private readonly socket: WebSocket,
    raw: Duplex,
    readonly address: string,
    private readonly parts: StreamParts,
  ) {
    this.#unfinished = new UnfinishedMessage(parts.load, parts.line);
    this.#lastHeardMs = this.#lastUsedMs = this.#pingedAtMs = parts.clock.monotonicMs();
    raw.prependListener('data', (chunk: Buffer) => this.#hear(chunk.length)); // before the socket takes it apart
    socket.on('ping', (payload: Buffer) => this.#unfinished.control(payload.length));
    socket.on('pong', (payload: Buffer) => this.#unfinished.control(payload.length));
    socket.on('message', (bytes: Buffer) => this.#receive(bytes));
    socket.on('error', noop); // it closes itself, with a code that says why
    socket.on('close', () => parts.load.release(this.#unfinished.finish()));
  }

  /** False when the client has gone, or does not read and is cut off for it. */
  push(message: readonly MessagePart[]): boolean {
    if (!this.isOpen) return false;
    const bytes = encodeMessage(message);
    if (this.#readsTooSlowlyFor(bytes.length)) {
      this.#cutOff('slow_reader');
      return false;
    }
    this.#wait(bytes.length);
    this.parts.line.send(bytes.length);
    this.socket.send(bytes, { binary: true }, () => this.#wait(-bytes.length));
    return true;
  }

  get isOpen(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  leave(): void {
    this.#leaving = 'goodbye';
    this.#closeWhenAnswered();
  }

  shutDown(): void {
    this.#countEnding('shutdown');
    this.#leaving = 'shutdown';
    this.#closeWhenAnswered();
  }

  terminate(): void {
    this.socket.terminate();
  }

  /** Ends what is dead or of no use, and asks whether silent clients are still there. `isWatching`: it has subscriptions. */
  lookOver(isWatching: boolean): void {
    const { limits, clock } = this.parts;
    const nowMs = clock.monotonicMs();
    const silentMs = nowMs - this.#lastHeardMs;
    if (this.#isEnded) return;
    if (this.#unfinished.isOlderThan(limits.messageMs, nowMs)) this.#cutOff('slow_message');
    else if (silentMs > limits.silenceMs) this.#cutOff('silent');
    else if (!isWatching && this.#unanswered === 0 && nowMs - this.#lastUsedMs > limits.idleMs) this.#end('idle');
    else if (silentMs > limits.pingMs && nowMs - this.#pingedAtMs > limits.pingMs) this.#ping(nowMs);
  }

  #ping(nowMs: number): void {
    this.#pingedAtMs = nowMs;
    this.socket.ping(noop);
  }

  #hear(bytes: number): void {
    const nowMs = this.parts.clock.monotonicMs();
    this.#lastHeardMs = nowMs;
    if (!this.#unfinished.add(bytes, nowMs)) this.#cutOff('no_room');
  }

  #receive(bytes: Buffer): void {
    const held = this.#unfinished.finish();
    const work = this.#work(bytes).catch((cause: unknown) => {
      this.parts.onFault(cause);
      this.#end('fault');
    });
    void work.finally(() => this.parts.load.release(held));
  }

  async #work(bytes: Buffer): Promise<void> {
    const message = this.#read(bytes);
    if (message === null) return;
    this.#lastUsedMs = this.parts.clock.monotonicMs();
    if (this.#unanswered >= this.parts.limits.unanswered) {
      this.#answer(busyAnswer(message));
      return;
    }
    this.#unanswered += 1;
    try {
      this.#answer(await this.parts.commands.answer(message, this));
    } finally {
      this.#unanswered -= 1;
      this.#closeWhenAnswered();
    }
  }

  #read(bytes: Buffer): Uint8Array[] | null {
    try {
      return decodeMessage(bytes);
    } catch (cause) {
      if (!(cause instanceof InvalidMessage)) throw cause;
      this.#end('unreadable');
      return null;
    }
  }

  #answer(message: readonly MessagePart[] | null): void {
    if (message !== null) this.push(message);
  }

  #closeWhenAnswered(): void {
    if (this.#leaving !== null && this.#unanswered === 0) this.#close(this.#leaving);
  }

  #end(reason: Ending & keyof typeof CLOSE): void {
    if (this.#countEnding(reason)) this.#close(reason);
  }

  #close(reason: keyof typeof CLOSE): void {
    this.socket.close(CLOSE[reason].code, CLOSE[reason].words);
  }

  #cutOff(reason: Ending): void {
    if (this.#countEnding(reason)) this.terminate();
  }

  /** False when it was ended before. */
  #countEnding(reason: Ending): boolean {
    if (this.#isEnded) return false;
    this.#isEnded = true;
    this.parts.metrics.ended(reason);
    return true;
  }

  /** A client that reads all the time is never cut off for what others leave lying. */
  #readsTooSlowlyFor(bytes: number): boolean {
    const { limits, backlog } = this.parts;
    if (this.#waitingBytes === 0) return false;
    return (
      this.#waitingBytes + bytes > limits.waitingBytes || (backlog.isFull && this.#waitingBytes > limits.fairBytes)
    );
  }

  #wait(bytes: number): void {
    this.#waitingBytes += bytes;
    this.parts.backlog.add(bytes);
  }
}

function noop(): void {
  // what there is to say of it, the end of the connection says
}
