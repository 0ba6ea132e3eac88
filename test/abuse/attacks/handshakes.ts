import { setTimeout as pause } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { sourceAddress, workers, type Attack } from './attack.js';
import { openTls } from './sockets.js';

/** A refusal costs the attacker nothing; without a pause it would only measure how fast this machine dials. */
const AFTER_REFUSAL_MS = 5;

/** New connections as fast as they are taken, from `sources` addresses. */
export const handshakeBurst: Attack = async (target, stopped, tally) => {
  const sources = Number(target.more.sources);
  await workers(target, stopped, async (index) => {
    const socket = await openTls(target, sourceAddress(index, sources));
    tally.add(socket === null ? 'refused' : 'handshakes');
    if (socket === null) await pause(AFTER_REFUSAL_MS);
    socket?.destroy();
  });
};

/** TLS 1.2 lets a client ask for another handshake on the same connection; ours must not go along. */
export const renegotiation: Attack = async (target, stopped, tally) => {
  await workers(target, stopped, async (index) => {
    const socket = await openTls(target, sourceAddress(index, 20), { secureContext: undefined, maxVersion: 'TLSv1.2' });
    if (socket === null) {
      tally.add('refused');
      await pause(AFTER_REFUSAL_MS);
      return;
    }
    tally.add('connections');
    tally.add(await renegotiated(socket));
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
