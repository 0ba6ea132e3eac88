import type { TLSSocket } from 'node:tls';
import { OTHER_VERSION_STATUS, type PeerContract } from './peer-contract.js';
import { PeerProtocolError } from './peer-transport.js';
import { bytesOf } from './wire.js';

/** Ends an exchange before its time. */
export interface Abort {
  (cause: Error): void;
}

/** Who is told of an answer. Nothing more comes after `answered` or `broken`. */
export interface AnswerSink {
  /** The request goes out next, unless it is aborted now. */
  begun(abort: Abort): void;
  /** `bytes`: what was announced of the body. */
  head(status: number, bytes: number): void;
  piece(bytes: Buffer): void;
  answered(): void;
  broken(cause: Error): void;
}

/** Heads of our answers have five short lines. */
const MAX_HEAD_BYTES = 4_096;
/**
 * Up to here one block is cheaper than a write for each part. Larger ones are joined below JavaScript: V8 runs a full
 * collection for every 64 MB of blocks like that, which costs a hop of 70 KiB more than all of its own work.
 */
const JOINED_BYTES = 16 * 1024;
const HEAD_END = '\r\n\r\n';
const STATUS = /^HTTP\/1\.1 ([2-5]\d\d) /;
const LENGTH = /\r\ncontent-length: *(\d{1,10}) *(?:\r\n|$)/i;
const OTHER_FRAMING = /\r\ntransfer-encoding:/i;
const LAST = /\r\nconnection: *close/i;

/**
 * One exchange after the other on a connection to a peer: as much of HTTP/1.1 as docs/protocol/peer.md asks for. A
 * general client takes more time for its generality than the whole of what a hop does around its cryptography.
 */
export class PeerExchange {
  #sink: AnswerSink | undefined;
  /** The beginning of a head whose end has not come. */
  #head: Buffer | undefined;
  /** Bytes of the body that are still to come; undefined before its head. */
  #left: number | undefined;
  #isLast = false;

  constructor(
    private readonly socket: TLSSocket,
    private readonly contract: PeerContract,
  ) {
    socket.on('data', (piece: Buffer) => this.#read(piece));
  }

  get isBusy(): boolean {
    return this.#sink !== undefined;
  }

  /** `head`: request line and headers, to the empty line. The one before must have ended. */
  send(head: string, body: readonly Uint8Array[], sink: AnswerSink): void {
    this.#sink = sink;
    let isSent = false;
    let refusal: Error | undefined;
    sink.begun((cause) => {
      if (!isSent) refusal = cause;
      else if (this.#sink === sink) this.#break(cause);
    });
    if (refusal !== undefined) {
      this.#sink = undefined; // not one byte went out, so the connection is as good as before
      sink.broken(refusal);
      return;
    }
    isSent = true;
    this.#write(head, body);
  }

  /** The connection has ended. */
  closed(): void {
    this.#break(new Error('the connection ended'));
  }

  /** As one piece, so that it is one TLS record and one call of the system where it fits. */
  #write(head: string, body: readonly Uint8Array[]): void {
    const { socket } = this;
    const start = Buffer.from(head, 'latin1');
    if (bytesOf(body) <= JOINED_BYTES) {
      socket.write(Buffer.concat([start, ...body]));
      return;
    }
    socket.cork();
    socket.write(start);
    for (const part of body) socket.write(part);
    socket.uncork();
  }

  #read(piece: Buffer): void {
    if (this.#sink === undefined)
      this.socket.destroy(); // an answer to nothing
    else if (this.#left === undefined) this.#readHead(piece);
    else this.#readBody(piece);
  }

  #readHead(piece: Buffer): void {
    const bytes = this.#head === undefined ? piece : Buffer.concat([this.#head, piece]);
    const end = bytes.indexOf(HEAD_END, 0, 'latin1');
    if (end < 0) {
      this.#head = bytes;
      if (bytes.length > MAX_HEAD_BYTES) this.#break(unreadable());
      return;
    }
    this.#head = undefined;
    const text = bytes.toString('latin1', 0, end);
    const status = Number(STATUS.exec(text)?.[1]);
    if (Number.isNaN(status) || OTHER_FRAMING.test(text)) {
      this.#break(unreadable());
      return;
    }
    const length = LENGTH.exec(text)?.[1];
    this.#isLast = length === undefined || LAST.test(text);
    this.#left = Number(length ?? 0);
    this.#sink?.head(this.contract.uses(status, text) ? status : OTHER_VERSION_STATUS, this.#left);
    this.#readBody(bytes.subarray(end + HEAD_END.length));
  }

  #readBody(piece: Buffer): void {
    const sink = this.#sink;
    if (sink === undefined || this.#left === undefined) return; // aborted by its head
    if (piece.length > this.#left) {
      this.#break(unreadable());
      return;
    }
    this.#left -= piece.length;
    if (piece.length > 0) sink.piece(piece);
    if (this.#left > 0 || this.#sink !== sink) return;
    this.#left = undefined;
    this.#sink = undefined;
    if (this.#isLast) this.socket.destroy();
    sink.answered();
  }

  /** What is left of an answer cannot be told from the next one, so the connection goes too. */
  #break(cause: Error): void {
    const sink = this.#sink;
    this.#sink = undefined;
    this.#left = undefined;
    this.socket.destroy();
    sink?.broken(cause);
  }
}

const unreadable = (): PeerProtocolError => new PeerProtocolError('the answer cannot be read');
