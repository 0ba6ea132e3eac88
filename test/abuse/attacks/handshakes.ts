import type { TLSSocket } from 'node:tls';
import { sourceAddress, workers, type Attack } from './attack.js';
import { openTls } from './sockets.js';

/** New connections, each left as soon as its handshake is over, from `sources` addresses. */
export const handshakes: Attack = async (target, stopped, tally) => {
  const sources = Number(target.more.sources);
  await workers(target, stopped, async (index) => {
    tally.begun();
    const socket = await openTls(target, sourceAddress(index, sources));
    tally.ended(socket === null ? 'refused' : 'kept');
    socket?.destroy();
  });
};

/** TLS 1.2 lets a client ask for another handshake on the same connection; ours must not go along. */
export const renegotiation: Attack = async (target, stopped, tally) => {
  await workers(target, stopped, async (index) => {
    tally.begun();
    const socket = await openTls(target, sourceAddress(index, 20), { secureContext: undefined, maxVersion: 'TLSv1.2' });
    if (socket === null) {
      tally.ended('refused');
      return;
    }
    const outcome = await renegotiated(socket);
    tally.add(outcome);
    tally.ended(outcome === 'denied' ? 'closed' : 'kept');
    socket.destroy();
  });
};

function renegotiated(socket: TLSSocket): Promise<'renegotiated' | 'denied'> {
  return new Promise((resolve) => {
    socket.once('close', () => resolve('denied'));
    socket.resume();
    socket.renegotiate({ rejectUnauthorized: false }, (problem) =>
      resolve(problem === null ? 'renegotiated' : 'denied'),
    );
  });
}
