import { STATUS_CODES, type ServerResponse } from 'node:http';
import { writeInPieces } from '#transport';
import { LastAnswers } from './last-answers.js';

/** One answer of the public port. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  /** A string is ASCII (base64, known texts); everything else is bytes. */
  readonly body: Uint8Array | string;
}

/** docs/protocol/onion.md §5.2: the only types we answer with, without parameters. */
export const CONTENT_TYPES = {
  text: 'text/plain',
  json: 'application/json',
  binary: 'application/octet-stream',
} as const;

/**
 * Clients read the phrase (`Bad Gateway`), so those of the network are written down here and do not change with the
 * version of Node. docs/protocol/onion.md §8.6
 */
const REASON_PHRASES: Readonly<Record<number, string>> = {
  ...STATUS_CODES,
  200: 'OK',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  406: 'Not Acceptable',
  410: 'Gone',
  413: 'Payload Too Large',
  421: 'Misdirected Request',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

export function reasonPhrase(status: number): string {
  return REASON_PHRASES[status] ?? 'Unknown';
}

/** An answer in words. They may quote what a client sent, hence UTF-8 bytes. */
export function textAnswer(status: number, text: string): HttpAnswer {
  return { status, contentType: CONTENT_TYPES.text, body: Buffer.from(text, 'utf8') };
}

/** Smaller bodies are written in one go, and are with the system at once. */
export const LARGE_BYTES = 128 * 1024;

/** Writes heads and bodies of answers. */
export class AnswerWriter {
  readonly last = new LastAnswers();
  private readonly server: string;
  private closing = false;

  /** docs/protocol/onion.md §5.1: on every answer. */
  constructor(version: readonly number[]) {
    this.server = `Oxen Storage Server/${version.join('.')}`;
  }

  /** Also what we call ourselves towards outside servers. */
  get product(): string {
    return this.server;
  }

  /** From now on every answer is the last one of its connection, but for those with a request behind them already. */
  closeConnections(): void {
    this.closing = true;
  }

  /** `extra`: names and values of further headers. Node adds `Date` and the keep-alive hint that saves clients a lost race. */
  send(response: ServerResponse, answer: HttpAnswer, ...extra: string[]): void {
    const closes = this.closing && this.last.isLast(response);
    response.writeHead(answer.status, reasonPhrase(answer.status), this.head(answer, extra, closes));
    if (answer.body.length < LARGE_BYTES) response.end(answer.body, 'latin1');
    else writeInPieces(response, answer.body, () => response.end());
  }

  /** The last answer of its connection. */
  sendLast(response: ServerResponse, answer: HttpAnswer): void {
    this.sendUnended(response, answer);
    response.end();
  }

  /** The same, but the connection stays open until the caller ends the response. */
  sendUnended(response: ServerResponse, answer: HttpAnswer): void {
    response.writeHead(answer.status, reasonPhrase(answer.status), this.head(answer, [], true));
    response.write(answer.body, 'latin1');
  }

  /** As bytes, for a connection on which Node could not read a request. */
  raw(answer: HttpAnswer): string {
    const head = this.head(answer, [], true);
    const lines = [`HTTP/1.1 ${answer.status} ${reasonPhrase(answer.status)}`];
    for (let i = 0; i < head.length; i += 2) lines.push(`${head[i] ?? ''}: ${head[i + 1] ?? ''}`);
    return `${lines.join('\r\n')}\r\n\r\n${Buffer.from(answer.body).toString('latin1')}`;
  }

  /** A raw header list, in the reference's order; Node sends it as it stands. */
  private head(answer: HttpAnswer, extra: readonly string[], close: boolean): string[] {
    const head = ['Server', this.server, 'Content-Type', answer.contentType, ...extra];
    if (close) head.push('Connection', 'close');
    head.push('Content-Length', `${answer.body.length}`);
    return head;
  }
}
