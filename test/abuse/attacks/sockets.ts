import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { Target } from './attack.js';

/** Longer than a node lets a connection wait for its handshake, shorter than what an attack is given for its end. */
const OPEN_MS = 6_000;

/** One context for all connections: each of its own would cost the attacker more than the node. */
const context = createSecureContext();

/** Resolves with null when the node refuses or cuts off the connection. */
export function openTls(
  target: Target,
  localAddress: string,
  options: ConnectionOptions = {},
): Promise<TLSSocket | null> {
  return new Promise((resolve) => {
    const socket = connectTls({
      socket: connectTcp({ host: target.ip, port: target.httpsPort, localAddress }),
      rejectUnauthorized: false,
      secureContext: context,
      ...options,
    });
    settle(socket, 'secureConnect', resolve);
  });
}

export function openTcp(target: Target, localAddress: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host: target.ip, port: target.httpsPort, localAddress });
    settle(socket, 'connect', resolve);
  });
}

export interface LastWords {
  /** Latin1; the beginning of it, if it is long. */
  readonly text: string;
  /** Whether the node ended the connection, or the attacker had enough. */
  readonly isClosed: boolean;
}

/** Everything the node says until it closes, `limitMs` at the most. */
export function readToEnd(socket: Socket, limitMs: number): Promise<LastWords> {
  return new Promise((resolve) => {
    let text = '';
    let isClosed = true;
    const timer = setTimeout(() => {
      isClosed = false;
      socket.destroy();
    }, limitMs);
    socket.on('data', (piece: Buffer) => {
      if (text.length < 2_048) text += piece.toString('latin1');
    });
    socket.once('close', () => {
      clearTimeout(timer);
      resolve({ text, isClosed });
    });
  });
}

/** The status of a raw answer; 0 when there is none. */
export function statusOf(text: string): number {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0);
}

function settle<S extends Socket>(
  socket: S,
  event: 'connect' | 'secureConnect',
  resolve: (socket: S | null) => void,
): void {
  const timer = setTimeout(() => socket.destroy(), OPEN_MS);
  socket.on('error', () => socket.destroy()); // a reset is how a node says no
  socket.once('close', () => {
    clearTimeout(timer);
    resolve(null);
  });
  socket.once(event, () => {
    clearTimeout(timer);
    resolve(socket);
  });
}
