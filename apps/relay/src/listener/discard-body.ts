import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnswerWriter, HttpAnswer } from './http-answer.js';

/** Announced bodies up to this size are read over to keep the connection; for more, a new connection is cheaper. */
const DISCARD_BYTES = 64 * 1024;

/** How long a client that is still sending has to read the answer before its connection ends. */
const LINGER_MS = 3_000;

/** A client that sends nothing for so long has nothing on its way that a close would throw back at it. */
const QUIET_MS = 500;

/** What is read and thrown away meanwhile: all that was on its way. Beyond it, reading is work at a stranger's word. */
const LINGER_BYTES = 256 * 1024;

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
 * Sends the answer, reads a little further, waits a moment, then closes. Closing at once with unread bytes in hand would
 * reset the connection, and the client would never see the answer.
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
    clearTimeout(patience);
    clearTimeout(quiet);
    response.end();
  };
  const patience = setTimeout(end, LINGER_MS);
  const quiet = setTimeout(end, QUIET_MS);
  let left = LINGER_BYTES;
  request.on('data', (piece: Buffer) => {
    left -= piece.length;
    if (left > 0) {
      quiet.refresh();
    } else {
      clearTimeout(quiet); // there may be more, which we do not look at
      request.pause();
    }
  });
  request.once('end', end).once('close', end).resume();
}
