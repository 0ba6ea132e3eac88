import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { MAX_BODY_BYTES } from '../limits/budget.js';

/** A server sent more for one request than the largest answer needs. */
export class EndlessAnswer extends Error {
  readonly code = 'RELAY_ENDLESS_ANSWER';
}

/**
 * What may come over a connection for one request: the largest body, and half as much again for heads, chunk sizes and
 * the rest of HTTP that a server may repeat without end while its body stays small.
 */
const MAX_BYTES = 1.5 * MAX_BODY_BYTES;

/** Here undici names the connection of a request when it writes the head; a call has no other way to learn which is its own. */
const REQUEST_SENT = 'undici:client:sendHeaders';

/** Breaks off what a server sends beside a body, which nobody else counts. docs/protocol/onion.md §4.3.7 */
export class AnswerBound {
  /** What a connection had brought when its latest request was sent. */
  readonly #before = new WeakMap<object, number>();

  constructor() {
    subscribe(REQUEST_SENT, this.#onRequest);
  }

  /** To be told of every connection before its first request. */
  watch(socket: Socket): void {
    this.#before.set(socket, 0);
    socket.on('readable', () => {
      const bytes = socket.bytesRead - (this.#before.get(socket) ?? 0);
      if (bytes > MAX_BYTES) socket.destroy(new EndlessAnswer('more than an answer'));
    });
  }

  close(): void {
    unsubscribe(REQUEST_SENT, this.#onRequest);
  }

  /** Told of the requests of the whole process, those to other nodes among them. */
  readonly #onRequest = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket };
    if (this.#before.has(socket)) this.#before.set(socket, socket.bytesRead);
  };
}
