import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { CONFIG, Clock, Log, endedWithin } from '#platform';
import type { DoorConfig } from '../door.config.js';
import { DoorMetrics, type PortName } from '../door.metrics.js';
import { RelayWatch } from '../relays/relay-watch.js';
import { Relays } from '../relays/relays.js';
import { doorLimits } from './door-limits.js';
import { DoorPort } from './door-port.js';

/** Opens both ports once the relays have been looked up, and leaves them without breaking off who is about to go. */
@Injectable()
export class DoorPorts implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly https: DoorPort;
  private readonly peer: DoorPort;

  constructor(
    @Inject(CONFIG) private readonly config: DoorConfig,
    @Inject(RelayWatch) private readonly watch: RelayWatch,
    @Inject(Relays) relays: Relays,
    @Inject(DoorMetrics) metrics: DoorMetrics,
    @Inject(Clock) clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {
    const portOf = (name: PortName, relayPort: number): DoorPort => {
      const port = new DoorPort({
        relays,
        clock,
        relayPort,
        limits: doorLimits,
        maxConnections: doorLimits.connections[name],
        lookAgain: () => watch.look(),
        took: () => metrics.took(name),
        refused: (reason) => metrics.refused(name, reason),
        relayFailed: (reason) => metrics.relayFailed(reason),
      });
      metrics.openOn(name, () => port.open);
      return port;
    };
    this.https = portOf('https', config.DOOR_RELAY_HTTPS_PORT);
    this.peer = portOf('peer', config.DOOR_RELAY_PEER_PORT);
  }

  async onApplicationBootstrap(): Promise<void> {
    const { config, https, peer } = this;
    await this.watch.look();
    const httpsPort = await https.listen(config.DOOR_HTTPS_HOST, config.DOOR_HTTPS_PORT);
    this.log.info('public_port_open', { port: httpsPort });
    const peerPort = await peer.listen(config.DOOR_PEER_HOST, config.DOOR_PEER_PORT);
    this.log.info('peer_port_open', { port: peerPort });
  }

  /** Relays tell clients when a connection has had its last answer; here there is only waiting for its end. */
  async beforeApplicationShutdown(): Promise<void> {
    const ports = [this.https, this.peer];
    const ended = Promise.all(ports.map((port) => port.stopAccepting()));
    this.log.info('ports_draining', { count: ports.reduce((sum, port) => sum + port.open, 0) });
    if (await endedWithin(ended, this.config.DOOR_DRAIN_MS)) return;
    for (const port of ports) port.cut();
    await ended;
  }
}
