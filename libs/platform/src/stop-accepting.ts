import { Server } from 'node:net';

/** No new connections to a server of HTTP; those that are there stay, idle ones too. Settles when all have ended. */
export function stopAccepting(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // The close of HTTP ends idle connections at once; it is called when there are none, for the rest that it does.
    Server.prototype.close.call(server, () => server.close(() => resolve()));
  });
}
