import { randomBytes } from 'node:crypto';
import type { Provider } from '@nestjs/common';
import { NodeKey, type Primitives } from '#protocol';
import { Clock, PRIMITIVES } from '#platform';
import { PeerTransport } from '#transport';
import { RELAY_LIMITS, type RelayLimits } from '../limits/budget.js';
import { OutsideServers } from '../outside/outside-servers.js';
import { Standing } from '../readiness/standing.js';
import { RELAY_CONFIG, type RelayConfig } from '../relay.config.js';
import { RelayMetrics } from '../relay.metrics.js';
import { StorageRpc } from '../rpc/storage-rpc.js';
import { FinalDestination } from './final-destination.js';
import { LayerBox } from './layer-box.js';
import { NextHop } from './next-hop.js';
import { OnionHandler } from './onion-handler.js';
import { OnionHop } from './onion-hop.js';
import { ServerExit } from './server-exit.js';

export const onionProviders: Provider[] = [
  {
    provide: LayerBox,
    inject: [PRIMITIVES, NodeKey, RELAY_CONFIG],
    useFactory: (primitives: Primitives, key: NodeKey, config: RelayConfig) =>
      new LayerBox(primitives, randomBytes, key, config.ALLOW_AES_CBC),
  },
  {
    provide: FinalDestination,
    inject: [LayerBox, Standing, StorageRpc],
    useFactory: (box: LayerBox, standing: Standing, storage: StorageRpc) => new FinalDestination(box, standing, storage),
  },
  {
    provide: NextHop,
    inject: [Standing, PeerTransport],
    useFactory: (standing: Standing, peers: PeerTransport) => new NextHop(standing, peers),
  },
  {
    provide: ServerExit,
    inject: [LayerBox, OutsideServers],
    useFactory: (box: LayerBox, servers: OutsideServers) => new ServerExit(box, servers),
  },
  {
    provide: OnionHop,
    inject: [LayerBox, Standing, FinalDestination, NextHop, ServerExit, RelayMetrics, Clock, RELAY_LIMITS],
    useFactory: (
      box: LayerBox,
      standing: Standing,
      final: FinalDestination,
      nextHop: NextHop,
      exit: ServerExit,
      metrics: RelayMetrics,
      clock: Clock,
      limits: RelayLimits,
    ) => new OnionHop({ box, standing, final, nextHop, exit, metrics, clock, limits }),
  },
  OnionHandler,
];
