import type { IncomingMessage } from 'node:http';
import type { Server } from 'node:https';
import type { Duplex } from 'node:stream';
import type { StreamEndpoint } from '../stream/stream-endpoint.js';
import type { LastAnswers } from './last-answers.js';

/**
 * Hands wishes to change the protocol to the streams, and those that are none of theirs back to the ordinary routes: a
 * server may pass over such a wish, and clients that make one beside their request still want an answer. Node takes the
 * connection of every request with `Upgrade` away from the routes, so the head is put back without that header.
 */
export function serveUpgrades(server: Server, streams: StreamEndpoint, last: LastAnswers): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const end = (): unknown => socket.destroy();
    const go = (): void => {
      socket.off('error', end);
      if (socket.destroyed) return;
      if (streams.wants(request)) streams.accept(request, socket, head);
      else serveWithout(server, request, socket, head);
    };
    const before = last.on(socket);
    if (before === undefined || before.closed) {
      go();
    } else {
      socket.on('error', end); // Node has taken its own listeners away
      before.once('close', go); // one answer after the other
    }
  });
}

function serveWithout(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  socket.unshift(Buffer.concat([Buffer.from(headWithoutUpgrade(request), 'latin1'), head]));
  server.emit('secureConnection', socket);
}

function headWithoutUpgrade({ method = '', url = '', httpVersion, rawHeaders }: IncomingMessage): string {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    if (name.toLowerCase() !== 'upgrade') lines.push(`${name}: ${value}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}
