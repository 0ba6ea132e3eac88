import type { Socket } from 'node:net';
import type { Server, TLSSocket } from 'node:tls';
import { readDoorHeader } from './door-header.js';

/** The door writes it together with the first bytes of the client, and stands on the same machine or beside it. */
const HEADER_MS = 5_000;

/**
 * For listeners behind a door: each connection must begin with who is at its other end, before TLS. Whatever looks at
 * `remoteAddress` afterwards, of the connection or of its TLS, sees the client. docs/protocol/door.md §2, §3
 */
export class DoorHeaders {
  /** Client's address by the ends of the connection, the only thing that a TLS socket shares with what it came from. */
  readonly #clients = new Map<string, string>();
  #refused = 0;

  constructor(private readonly headerMs = HEADER_MS) {}

  /** Connections closed because they did not begin as they must. */
  get refused(): number {
    return this.#refused;
  }

  /** To be called after all that wants to see the client's address, and before the server listens, with `pauseOnConnect`. */
  guard(server: Server): void {
    const next = server.listeners('connection');
    server.removeAllListeners('connection').on('connection', (socket: Socket) => {
      this.#read(socket, () => {
        for (const listener of next) listener.call(server, socket);
      });
    });
    server.prependListener('secureConnection', (socket: TLSSocket) => {
      const client = this.#clients.get(endsOf(socket));
      if (client !== undefined) showAs(socket, client);
    });
  }

  #read(socket: Socket, go: () => void): void {
    let begin: Buffer = Buffer.alloc(0);
    const refuse = (): void => {
      leave();
      this.#refused += 1;
      socket.destroy();
    };
    const look = (): void => {
      const piece = socket.read() as Buffer | null;
      if (piece === null) return;
      begin = begin.length === 0 ? piece : Buffer.concat([begin, piece]);
      const header = readDoorHeader(begin);
      if (header.kind === 'unfinished') return;
      if (header.kind === 'refused') {
        refuse();
        return;
      }
      leave();
      if (header.kind === 'local') {
        socket.destroy();
        return;
      }
      if (begin.length > header.bytes) socket.unshift(begin.subarray(header.bytes));
      this.#remember(socket, header.address);
      go();
    };
    const timer = setTimeout(refuse, this.headerMs);
    const leave = (): void => {
      clearTimeout(timer);
      socket.off('readable', look).off('end', refuse).off('close', refuse);
    };
    socket.on('error', () => socket.destroy()); // for as long as it lasts: until TLS begins nobody else hears of it
    socket.on('readable', look).on('end', refuse).on('close', refuse);
  }

  #remember(socket: Socket, client: string): void {
    const ends = endsOf(socket);
    this.#clients.set(ends, client);
    socket.once('close', () => this.#clients.delete(ends));
    showAs(socket, client);
  }
}

const endsOf = ({ remoteAddress, remotePort, localAddress, localPort }: Socket): string =>
  [remoteAddress, remotePort, localAddress, localPort].join(' ');

function showAs(socket: Socket, address: string): void {
  Object.defineProperty(socket, 'remoteAddress', { value: address });
}
