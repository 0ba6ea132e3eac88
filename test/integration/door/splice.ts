import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Passes connections on to a port of this machine, each behind the same bytes: a door that always names one client. */
export class Splice {
  readonly #sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    to: number,
    header: Buffer,
  ) {
    server.on('connection', (client: Socket) => {
      const onward = connect(to, '127.0.0.1');
      onward.write(header);
      for (const socket of [client, onward]) {
        this.#sockets.add(socket);
        socket.on('error', () => socket.destroy()).on('close', () => this.#sockets.delete(socket));
      }
      client.pipe(onward).pipe(client);
    });
  }

  static async start(to: number, header: Buffer): Promise<Splice> {
    const server = createServer();
    const splice = new Splice(server, to, header);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return splice;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
