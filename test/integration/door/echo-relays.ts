import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { readDoorHeader } from '#platform';

/** What a test has a stand-in do with a connection, whose header has been read. */
export type Part = (socket: Socket) => void;

/** Sends everything back, and ends when the client does. */
export const echo: Part = (socket) => socket.pipe(socket);

/** Something that listens where a relay would, and does with connections what a test wants. */
export class StandInRelay {
  /** The client's address in each header that came. */
  readonly clients: string[] = [];
  readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    public part: Part,
  ) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => this.sockets.delete(socket));
      let begin = Buffer.alloc(0);
      const look = (): void => {
        begin = Buffer.concat([begin, (socket.read() as Buffer | null) ?? Buffer.alloc(0)]);
        const header = readDoorHeader(begin);
        if (header.kind !== 'client') return;
        socket.off('readable', look);
        this.clients.push(header.address);
        if (begin.length > header.bytes) socket.unshift(begin.subarray(header.bytes));
        this.part(socket);
      };
      socket.on('readable', look);
    });
  }

  static async start(host: string, port: number, part: Part = echo): Promise<StandInRelay> {
    const server = createServer({ allowHalfOpen: true });
    const relay = new StandInRelay(server, part);
    server.listen(port, host);
    await once(server, 'listening');
    return relay;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
