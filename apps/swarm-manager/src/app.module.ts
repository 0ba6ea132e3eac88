import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Clock, loadSeedFile, Log, PRIMITIVES } from '#platform';
import { NodeKey, type Primitives } from '#protocol';
import { PeerTransport, TlsPeerTransport, watchedContract } from '#transport';
import { ListPoll } from './list/list-poll.js';
import { Membership } from './membership/membership.js';
import { MembershipController } from './membership/membership.controller.js';
import { PageController } from './page/page.controller.js';
import { PeerProbe } from './reachability/peer-probe.js';
import { Reachability } from './reachability/reachability.js';
import { SeedServer } from './seed/seed-server.js';
import { StandingController } from './standing/standing.controller.js';
import { standingProviders } from './standing/standing.providers.js';
import { StatusController } from './status/status.controller.js';
import { statusProviders } from './status/status.providers.js';
import type { SwarmManagerConfig } from './swarm-manager.config.js';
import { SwarmManagerMetrics } from './swarm-manager.metrics.js';

@Module({})
export class SwarmManagerModule implements OnApplicationShutdown {
  constructor(@Inject(PeerTransport) private readonly peers: PeerTransport) {}

  static with(config: SwarmManagerConfig): DynamicModule {
    const seed = loadSeedFile(config.SWARM_MANAGER_KEY_FILE, 'SWARM_MANAGER_KEY_FILE');
    return {
      module: SwarmManagerModule,
      controllers: [MembershipController, PageController, StandingController, StatusController],
      providers: [
        { provide: NodeKey, inject: [PRIMITIVES], useFactory: (p: Primitives) => NodeKey.fromSeed(seed, p) },
        {
          provide: PeerTransport,
          inject: [Clock, Log, Registry],
          useFactory: (clock: Clock, log: Log, registry: Registry) =>
            new TlsPeerTransport(seed, clock, watchedContract(log, registry)),
        },
        ListPoll,
        Membership,
        PeerProbe,
        Reachability,
        ...standingProviders,
        ...statusProviders,
        SeedServer,
        SwarmManagerMetrics,
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.peers.close();
  }
}
