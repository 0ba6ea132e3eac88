import { randomBytes, webcrypto } from 'node:crypto';
import type { Provider } from '@nestjs/common';
import { CONFIG, Clock, PRIMITIVES } from '#platform';
import { NodeKey, type Primitives } from '#protocol';
import { RELAY_LIMITS, type RelayLimits } from '../limits/budget.js';
import { ReplayFilter } from '../replay/replay-filter.js';
import { ReplayGuard } from '../replay/replay-guard.js';
import { Standing } from '../readiness/standing.js';
import type { RelayConfig } from '../relay.config.js';
import { RelayMetrics } from '../relay.metrics.js';
import { FinalDestination } from './final-destination.js';
import { LayerBox } from './layer-box.js';
import { NextHop } from './next-hop.js';
import { OnionHandler } from './onion-handler.js';
import { OnionHop } from './onion-hop.js';
import { ServerExit } from './server-exit.js';

export const onionProviders: Provider[] = [
  {
    provide: LayerBox,
    inject: [PRIMITIVES, NodeKey, CONFIG],
    useFactory: (primitives: Primitives, key: NodeKey, config: RelayConfig) =>
      new LayerBox(primitives, randomBytes, key, config.RELAY_ALLOW_AES_CBC),
  },
  FinalDestination,
  NextHop,
  ServerExit,
  {
    provide: ReplayGuard,
    inject: [Clock, CONFIG, RelayMetrics],
    useFactory: (clock: Clock, config: RelayConfig, metrics: RelayMetrics) => {
      const filter = new ReplayFilter(clock, webcrypto.getRandomValues(new Uint32Array(3)));
      const guard = new ReplayGuard(filter, config.RELAY_REPLAYS === 'refuse');
      metrics.totalAtScrape(
        'relay_replays_total',
        'Layers that came before, within the last ten minutes or a little more',
        () => guard.replays,
      );
      return guard;
    },
  },
  {
    provide: OnionHop,
    inject: [LayerBox, ReplayGuard, Standing, FinalDestination, NextHop, ServerExit, RelayMetrics, Clock, RELAY_LIMITS],
    useFactory: (
      box: LayerBox,
      replays: ReplayGuard,
      standing: Standing,
      final: FinalDestination,
      nextHop: NextHop,
      exit: ServerExit,
      metrics: RelayMetrics,
      clock: Clock,
      limits: RelayLimits,
    ) => new OnionHop({ box, replays, standing, final, nextHop, exit, metrics, clock, limits }),
  },
  OnionHandler,
];
