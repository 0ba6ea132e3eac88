import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Bus, CONFIG, Log, PRIMITIVES, VersionWatch, loadSeedFile } from '#platform';
import { NodeKey, type Primitives } from '#protocol';
import { bandwidthProviders } from './bandwidth/bandwidth.providers.js';
import { limitsProviders } from './limits/limits.providers.js';
import { Load } from './limits/load.js';
import { listenerProviders } from './listener/listener.providers.js';
import { onionProviders } from './onion/onion.providers.js';
import { outsideProviders } from './outside/outside.providers.js';
import { peerProviders } from './peer/peer.providers.js';
import { ClockNews } from './readiness/clock-news.js';
import { Membership } from './readiness/membership.js';
import { NetworkFeed } from './readiness/network-feed.js';
import { Standing } from './readiness/standing.js';
import type { RelayConfig } from './relay.config.js';
import { RelayMetrics } from './relay.metrics.js';
import { RelayReports } from './reports/relay-reports.js';
import { RpcHandler } from './rpc/rpc-handler.js';
import { StorageRpc } from './rpc/storage-rpc.js';
import { streamProviders } from './stream/stream.providers.js';

const providers: Provider[] = [
  ...limitsProviders,
  ...bandwidthProviders,
  {
    provide: RelayMetrics,
    inject: [Registry, Load],
    useFactory: (registry: Registry, load: Load) => new RelayMetrics(registry, load),
  },
  {
    provide: NodeKey,
    inject: [CONFIG, PRIMITIVES],
    useFactory: (config: RelayConfig, primitives: Primitives) =>
      NodeKey.fromSeed(loadSeedFile(config.RELAY_KEY_FILE, 'RELAY_KEY_FILE'), primitives),
  },
  { provide: Standing, inject: [NodeKey], useFactory: (key: NodeKey) => new Standing(key.id) },
  {
    provide: NetworkFeed,
    inject: [Bus, Log, VersionWatch],
    useFactory: (bus: Bus, log: Log, versions: VersionWatch) => new NetworkFeed(bus, log, versions),
  },
  Membership,
  ClockNews,
  RelayReports,
  StorageRpc,
  RpcHandler,
  ...outsideProviders,
  ...onionProviders,
  ...streamProviders,
  ...listenerProviders,
  ...peerProviders,
];

/** The public door of a node. What it needs of the platform (clock, log, bus, crypto, configuration) is there already. */
@Module({})
export class RelayModule {
  static create(): DynamicModule {
    return { module: RelayModule, providers };
  }
}
