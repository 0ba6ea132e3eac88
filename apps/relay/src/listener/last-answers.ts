import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import type { Duplex } from 'node:stream';

/** The answer to the request that came last on each connection: a client need not wait for one before it asks again. */
export class LastAnswers {
  private readonly answers = new WeakMap<Duplex, ServerResponse>();

  /** Notes every request before any route sees it. */
  watch(server: Server): void {
    const note = ({ socket }: IncomingMessage, response: ServerResponse): unknown => this.answers.set(socket, response);
    for (const event of ['request', 'checkContinue', 'checkExpectation']) server.prependListener(event, note);
  }

  on(socket: Duplex): ServerResponse | undefined {
    return this.answers.get(socket);
  }

  isLast(response: ServerResponse): boolean {
    return (this.answers.get(response.req.socket) ?? response) === response;
  }
}
