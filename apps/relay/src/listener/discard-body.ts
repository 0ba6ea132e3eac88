import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnswerWriter, HttpAnswer } from './http-answer.js';

/** Announced bodies up to this size are read over to keep the connection; for more, a new connection is cheaper. */
const DISCARD_BYTES = 64 * 1024;

/** How long we go on reading what we throw away, so that a client still sending gets to read the answer. */
const LINGER_MS = 1_000;

/** Sends an answer that does not wait for the body, which is thrown away; `extra` are header names and values. */
export function discardAndSend(
  request: IncomingMessage,
  response: ServerResponse,
  writer: AnswerWriter,
  answer: HttpAnswer,
  ...extra: string[]
): void {
  const { 'content-length': announced, 'transfer-encoding': encoding } = request.headers;
  if (request.complete || (encoding === undefined && Number(announced ?? 0) <= DISCARD_BYTES)) {
    writer.send(response, answer, ...extra);
    request.resume();
  } else {
    sendAndClose(request, response, writer, answer);
  }
}

/**
 * Sends the answer, reads on for a moment, then closes. Closing with unread bytes in hand would reset the connection,
 * and the client would never see the answer.
 */
export function sendAndClose(
  request: IncomingMessage,
  response: ServerResponse,
  writer: AnswerWriter,
  answer: HttpAnswer,
): void {
  if (request.complete) {
    writer.sendLast(response, answer);
    return;
  }
  writer.sendUnended(response, answer);
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, LINGER_MS);
  request.once('end', end).once('close', end).resume();
}
