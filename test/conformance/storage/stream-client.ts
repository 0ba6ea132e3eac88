import { Agent, WebSocket } from 'undici';
import { bdecode, bencode } from '#protocol';

/** Longer than a node takes for anything. */
const DEADLINE_MS = 15_000;

const agent = new Agent({ connect: { rejectUnauthorized: false } });

/** One message between two ends: docs/protocol/stream.md §2. */
export type Parts = readonly Buffer[];

/** A connection to `GET /stream/v1` of a node. */
export class StreamClient {
  #tags = 0;
  #problem: Error | undefined;
  readonly #pushes: Parts[] = [];
  readonly #waiting = new Map<string, { done: (parts: Parts) => void; fail: (cause: Error) => void }>();
  #onPush: (() => void) | undefined;

  private constructor(private readonly socket: WebSocket) {
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('message', ({ data }) => this.#take(Buffer.from(data as ArrayBuffer)));
    socket.addEventListener('close', ({ code, reason }) => {
      this.#problem = new Error(`the node closed the stream: ${code} ${reason}`);
    });
  }

  /** `port` of this machine. */
  static async open(port: number): Promise<StreamClient> {
    const socket = new WebSocket(`wss://127.0.0.1:${port}/stream/v1`, { dispatcher: agent });
    const client = new StreamClient(socket);
    await within('the stream opens', (done, fail) => {
      socket.addEventListener('open', () => done());
      socket.addEventListener('error', () => fail(new Error('no stream')));
    });
    return client;
  }

  /** Sends a command; gives the parts of the answer after the tag. Throws when the command is refused. */
  request(command: string, ...parts: readonly (string | Uint8Array)[]): Promise<Parts> {
    const tag = String((this.#tags += 1));
    return within(`an answer to ${command}`, (done, fail) => {
      this.#waiting.set(tag, { done, fail });
      this.socket.send(bencode([command, tag, ...parts]));
    });
  }

  /** Messages that nobody asked for and nobody has looked at. */
  get waitingPushes(): number {
    return this.#pushes.length;
  }

  /** The next message that nobody asked for. */
  async nextPush(): Promise<Parts> {
    if (this.#pushes.length === 0) {
      await within('a push', (done) => {
        this.#onPush = () => done();
      });
    }
    const push = this.#pushes.shift();
    if (push === undefined) throw this.#problem ?? new Error('nothing was pushed');
    return push;
  }

  close(): void {
    this.socket.close();
  }

  #take(bytes: Buffer): void {
    const parts = (bdecode(bytes) as Uint8Array[]).map((part) => Buffer.from(part));
    const [first = '', second = '', third = ''] = parts.slice(0, 3).map(String);
    if (first === 'REPLY') {
      this.#waiting.get(second)?.done(parts.slice(2));
      this.#waiting.delete(second);
      return;
    }
    if (second === 'REPLY') {
      this.#waiting.get(third)?.fail(new Error(`refused: ${first}`));
      this.#waiting.delete(third);
      return;
    }
    this.#pushes.push(parts);
    this.#onPush?.();
  }
}

/** Ends the connections that are kept open. */
export const closeStreams = (): Promise<void> => agent.destroy();

function within<T = void>(
  what: string,
  work: (done: (value: T) => void, fail: (cause: Error) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not in time: ${what}`)), DEADLINE_MS);
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      settle();
    };
    work(
      (value) => end(() => resolve(value)),
      (cause) => end(() => reject(cause)),
    );
  });
}
