import type { Socket } from 'node:net';
import type { Server } from 'node:tls';

/**
 * Every connection of a TLS server. HTTP knows neither those whose handshake is not over nor those that another protocol
 * took over, and a server is not closed before they are.
 */
export class OpenConnections {
  readonly #sockets = new Set<Socket>();

  /** To be made after the guards of the server: from here connections are seen before them. */
  constructor(server: Server) {
    server.prependListener('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Ends all of them, whatever is going on there. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}
