import { randomBytes } from 'node:crypto';
import type { Provider } from '@nestjs/common';
import { CONFIG, Clock, PRIMITIVES } from '#platform';
import { NodeKey, type Primitives } from '#protocol';
import { RELAY_LIMITS, type RelayLimits } from '../limits/budget.js';
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
