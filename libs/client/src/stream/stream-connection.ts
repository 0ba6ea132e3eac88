import {
  decodeMessage,
  encodeMessage,
  InvalidMessage,
  parseNotification,
  STREAM_TEXTS,
  type MessagePart,
  type Notification,
} from '#protocol';
import { CommandRefused, StreamEnded, StreamTimeout } from './stream-errors.js';
import { StreamReply } from './stream-reply.js';
import type { OpenWebSocket, WebSocketClose, WebSocketLike } from './web-socket.js';

export interface StreamOptions {
  /** `https://` or `wss://`, address and HTTPS port of the node. */
  readonly url: string;
  readonly openSocket: OpenWebSocket;
  /** For the handshake, and for each answer. */
  readonly timeoutMs?: number;
}

/** A node gives itself 9 s for an answer. */
const TIMEOUT_MS = 10_000;
/** A node takes no more at a time from one connection. docs/protocol/stream.md §1.4 */
const MAX_WAITING = 64;

interface Waiting {
  readonly command: string;
  readonly settle: (parts: readonly Uint8Array[]) => void;
  readonly fail: (cause: Error) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

const decoder = new TextDecoder('latin1');

/** A connection to one node that stays open: requests as they are, and news of messages. docs/protocol/stream.md */
export class StreamConnection {
  readonly #waiting = new Map<string, Waiting>();
  readonly #listeners = new Set<(message: Notification) => void>();
  #lastTag = 0;
  #ending: string | null = null;
  /** Settles when the connection has ended, with the reason. */
  readonly ended: Promise<string>;

  private constructor(
    private readonly socket: WebSocketLike,
    private readonly timeoutMs: number,
  ) {
    this.ended = new Promise((resolve) => {
      socket.addEventListener('close', (event) => resolve(this.#end(event)));
    });
    socket.addEventListener('message', ({ data }) => this.#receive(data));
  }

  /** Throws StreamEnded or StreamTimeout. */
  static async open({ url, openSocket, timeoutMs = TIMEOUT_MS }: StreamOptions): Promise<StreamConnection> {
    const socket = openSocket(`${url.replace(/^https:/, 'wss:').replace(/\/$/, '')}/stream/v1`);
    socket.binaryType = 'arraybuffer';
    await opened(socket, timeoutMs);
    return new StreamConnection(socket, timeoutMs);
  }

  /**
   * A method of the node's storage. `params` are JSON text or one bencoded dictionary, and the answer is in the same.
   * Any status is an answer. Throws StreamEnded, StreamTimeout or CommandRefused.
   */
  async call(method: string, params: MessagePart = ''): Promise<StreamReply> {
    return StreamReply.read(await this.request(`storage.${method}`, params));
  }

  /** Any command: the parts of its answer. Throws StreamEnded, StreamTimeout or CommandRefused. */
  request(command: string, ...parts: readonly MessagePart[]): Promise<readonly Uint8Array[]> {
    if (this.#ending !== null) return Promise.reject(new StreamEnded(this.#ending));
    if (this.#waiting.size >= MAX_WAITING) return Promise.reject(new CommandRefused(command, 'too many at a time'));
    const tag = String((this.#lastTag += 1));
    return new Promise((settle, fail) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(tag);
        fail(new StreamTimeout(command));
      }, this.timeoutMs);
      this.#waiting.set(tag, { command, settle, fail, timer });
      this.socket.send(encodeMessage([command, tag, ...parts]));
    });
  }

  /** Called with each new message of the subscriptions. Returns the way to end that. */
  onMessage(listener: (message: Notification) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What is not answered yet fails. */
  async close(): Promise<void> {
    this.socket.close();
    await this.ended;
  }

  #receive(data: unknown): void {
    const message = messageIn(data);
    const [first, second, third] = message.slice(0, 3).map((part) => decoder.decode(part));
    if (first === STREAM_TEXTS.reply) this.#answer(second, ({ settle }) => settle(message.slice(2)));
    else if (first === STREAM_TEXTS.notify) this.#tell(message[1] ?? new Uint8Array());
    else if (second === STREAM_TEXTS.reply) {
      this.#answer(third, ({ command, fail }) => fail(new CommandRefused(command, first ?? '')));
    }
  }

  #answer(tag: string | undefined, tell: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(tag ?? '');
    if (waiting === undefined) return; // it came too late
    this.#waiting.delete(tag ?? '');
    clearTimeout(waiting.timer);
    tell(waiting);
  }

  #tell(dict: Uint8Array): void {
    const message = parseNotification(dict);
    if (message === null) return;
    for (const listener of this.#listeners) listener(message);
  }

  #end({ code, reason }: WebSocketClose): string {
    this.#ending = reason === '' ? `code ${code}` : reason;
    const lost = new StreamEnded(this.#ending);
    for (const tag of [...this.#waiting.keys()]) this.#answer(tag, ({ fail }) => fail(lost));
    return this.#ending;
  }
}

/** What is no message of this dialect is passed over: nothing can be waiting for it. */
function messageIn(data: unknown): readonly Uint8Array[] {
  if (!(data instanceof ArrayBuffer)) return [];
  try {
    return decodeMessage(new Uint8Array(data));
  } catch (cause) {
    if (cause instanceof InvalidMessage) return [];
    throw cause;
  }
}

function opened(socket: WebSocketLike, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new StreamTimeout('the handshake'));
      socket.close();
    }, timeoutMs);
    const fail = (): void => {
      clearTimeout(timer);
      reject(new StreamEnded('it could not be opened'));
    };
    socket.addEventListener('error', fail);
    socket.addEventListener('close', fail);
    socket.addEventListener('open', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
