import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { CONFIG, Log } from '#platform';
import { PeerServer, PeerTransport } from '#transport';
import type { RelayConfig } from '../relay.config.js';

/** Opens the peer port when the service starts; leaves it, and then the connections to others, when it ends. */
@Injectable()
export class PeerPort implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  private port = 0;

  constructor(
    @Inject(PeerServer) private readonly server: PeerServer,
    @Inject(PeerTransport) private readonly peers: PeerTransport,
    @Inject(CONFIG) private readonly config: RelayConfig,
    @Inject(Log) private readonly log: Log,
  ) {}

  /** The port in use, also where the system chose it. */
  get number(): number {
    return this.port;
  }

  async onApplicationBootstrap(): Promise<void> {
    const { RELAY_PEER_HOST: host, RELAY_PEER_PORT: port } = this.config;
    this.port = await this.server.listen(host, port);
    this.log.info('peer_port_open', { port: this.port });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.server.close(this.config.RELAY_DRAIN_MS);
  }

  /** Only now: what drained above still needed them. */
  async onApplicationShutdown(): Promise<void> {
    await this.peers.close();
  }
}
