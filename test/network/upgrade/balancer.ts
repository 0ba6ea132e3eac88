import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** One address for several relays: a connection goes to the next of them that takes it, as a balancer of connections does. */
export class Balancer {
  readonly #sockets = new Set<Socket>();
  #turn = 0;

  private constructor(
    private readonly server: Server,
    private readonly backends: readonly number[],
  ) {
    server.on('connection', (client) => this.#serve(client));
  }

  static async start(port: number, backends: readonly number[]): Promise<Balancer> {
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
    const balancer = new Balancer(server, backends);
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
    return balancer;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #serve(client: Socket): void {
    this.#keep(client);
    this.#turn += 1;
    const order = this.backends.map((_, index) => this.backends[(this.#turn + index) % this.backends.length] ?? 0);
    this.#tryNext(client, order);
  }

  #tryNext(client: Socket, [port, ...others]: readonly number[]): void {
    if (port === undefined || client.destroyed) {
      client.destroy();
      return;
    }
    const backend = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    const refused = (): void => this.#tryNext(client, others);
    backend.once('error', refused).once('connect', () => {
      backend.off('error', refused);
      this.#keep(backend);
      client.once('close', () => backend.destroy());
      backend.once('close', () => client.destroy());
      client.pipe(backend).pipe(client);
    });
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket.setNoDelay(true));
    socket.on('error', () => socket.destroy()).once('close', () => this.#sockets.delete(socket));
  }
}
