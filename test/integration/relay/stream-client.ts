import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { decodeMessage, encodeMessage, type MessagePart } from '#protocol';

export interface Ending {
  readonly code: number;
  readonly reason: string;
}

/** A stream as a client opens it: nobody checks a node's certificate. */
export class StreamClient {
  readonly ended: Promise<Ending>;
  /** Messages that answer nothing. */
  readonly pushed: Buffer[][] = [];
  private readonly waiting = new Map<string, (parts: Buffer[]) => void>();
  private readonly listeners: ((message: string[]) => void)[] = [];
  private lastTag = 0;

  private constructor(
    readonly socket: WebSocket,
    readonly headers: IncomingMessage['headers'],
  ) {
    this.ended = new Promise((resolve) => {
      socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    socket.on('error', () => undefined); // `ended` tells
    socket.on('message', (bytes: Buffer) => this.receive(decodeMessage(bytes).map((part) => Buffer.from(part))));
  }

  /** Rejects with the status when the node refuses. */
  static async open(port: number, autoPong = true): Promise<StreamClient> {
    const url = `wss://127.0.0.1:${port}/stream/v1`;
    const socket = new WebSocket(url, { rejectUnauthorized: false, autoPong, perMessageDeflate: false });
    let headers: IncomingMessage['headers'] = {};
    socket.on('upgrade', (response) => (headers = response.headers));
    await once(socket, 'open');
    return new StreamClient(socket, headers);
  }

  /** The parts of the answer to a request, without `REPLY` and the tag. */
  async ask(command: string, ...parts: MessagePart[]): Promise<Buffer[]> {
    this.lastTag += 1;
    const tag = `t${this.lastTag}`;
    const answer = new Promise<Buffer[]>((resolve) => this.waiting.set(tag, resolve));
    this.send(command, tag, ...parts);
    return answer;
  }

  async texts(command: string, ...parts: MessagePart[]): Promise<string[]> {
    return (await this.ask(command, ...parts)).map(String);
  }

  send(...message: MessagePart[]): void {
    this.socket.send(encodeMessage(message));
  }

  /** The next message that answers nothing, as text. */
  nextPushText(): Promise<string[]> {
    return new Promise((resolve) => this.listeners.push(resolve));
  }

  close(): void {
    this.socket.close();
  }

  private receive(message: Buffer[]): void {
    const [code = '', second = '', ...parts] = message.map(String);
    const isAnswer = code === 'REPLY' || second === 'REPLY';
    if (!isAnswer) {
      this.pushed.push(message);
      this.listeners.splice(0).forEach((tell) => tell(message.map(String)));
      return;
    }
    const tag = code === 'REPLY' ? second : (parts[0] ?? '');
    this.waiting.get(tag)?.(code === 'REPLY' ? message.slice(2) : message);
    this.waiting.delete(tag);
  }
}
