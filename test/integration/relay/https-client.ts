import { request, type RequestOptions } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:tls';

export interface Reply {
  readonly status: number;
  readonly reason: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

/** One request as a client of the network makes it: nobody checks a node's certificate. */
export function call(
  port: number,
  method: string,
  path: string,
  body?: Uint8Array | string,
  options: RequestOptions = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, method, path, rejectUnauthorized: false, agent: false, ...options },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const bytes = Buffer.concat(chunks);
          resolve({
            status: incoming.statusCode ?? 0,
            reason: incoming.statusMessage ?? '',
            headers: incoming.headers,
            body: bytes,
            text: bytes.toString('utf8'),
          });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export const post = (
  port: number,
  path: string,
  body?: Uint8Array | string,
  options?: RequestOptions,
): Promise<Reply> => call(port, 'POST', path, body, options);

/** A TLS connection on which bytes are written as they stand. */
export interface RawSocket {
  /** Writes more and collects what comes back, to the end of the connection or until it is enough. */
  finish(bytes: string, enough?: (received: string) => boolean): Promise<string>;
  /** Writes more and waits for an answer, after which the connection stays open. */
  answered(bytes: string, isWhole: (received: string) => boolean): Promise<void>;
  destroy(): void;
}

export async function openSocket(port: number, bytes = ''): Promise<RawSocket> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  socket.write(bytes, 'latin1');
  return {
    finish: (rest, enough = () => false) =>
      new Promise((resolve, reject) => {
        let received = '';
        socket.setEncoding('latin1');
        socket.on('data', (text: string) => {
          received += text;
          if (enough(received)) socket.destroy();
        });
        socket.on('error', reject).on('close', () => resolve(received));
        socket.write(rest, 'latin1');
      }),
    answered: (more, isWhole) =>
      new Promise((resolve, reject) => {
        let received = '';
        const take = (chunk: Buffer): void => {
          received += chunk.toString('latin1');
          if (!isWhole(received)) return;
          socket.off('data', take).off('error', reject);
          resolve();
        };
        socket.on('data', take).on('error', reject);
        socket.write(more, 'latin1');
      }),
    destroy: () => void socket.destroy(),
  };
}

/** One raw exchange on a connection of its own. */
export async function raw(port: number, bytes: string, enough?: (received: string) => boolean): Promise<string> {
  return (await openSocket(port)).finish(bytes, enough);
}
