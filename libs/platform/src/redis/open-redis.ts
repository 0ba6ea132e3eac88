import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { Redis } from 'ioredis';
import { RedisUnavailable } from './redis-unavailable.js';

/** A server that we are connected to already answers in milliseconds. */
const TIMEOUT_MS = 2_000;

/**
 * Whether a server lets anybody in. It is asked as a stranger, by one PING without a name: to somebody who gives a
 * password that nobody asked for, Redis says nothing of that. Throws RedisUnavailable.
 */
export function isOpenRedis({ options: { host = '127.0.0.1', port = 6_379, tls } }: Redis): Promise<boolean> {
  const options: ConnectionOptions = typeof tls === 'object' ? tls : {};
  const socket: Socket = tls === undefined ? connectTcp({ host, port }) : connectTls({ ...options, host, port });
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void => reject(new RedisUnavailable(cause));
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no answer')));
    socket.once('error', fail);
    socket.once('close', () => fail(new Error('closed')));
    socket.once('data', (answer) => {
      resolve(answer.toString('latin1').startsWith('+'));
      socket.destroy();
    });
    socket.write('PING\r\n');
  });
}
