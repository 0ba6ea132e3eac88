import type { Provider } from '@nestjs/common';
import { Registry } from 'prom-client';
import { Clock } from '#platform';
import { StartCheck } from '../twin/start-check.js';
import { TwinWatch } from '../twin/twin-watch.js';
import { ClockWatch } from './clock-watch.js';
import { INSTANCE, newInstance } from './instance.js';
import { PeerRounds } from './peer-rounds.js';
import { RelayNews } from './relay-news.js';
import { SeenByPeers } from './seen-by-peers.js';
import { standingGauges } from './standing.metrics.js';

/** Nobody asks for them: the registry does. */
const STANDING_GAUGES = Symbol('STANDING_GAUGES');

export const standingProviders: Provider[] = [
  { provide: INSTANCE, useFactory: newInstance },
  PeerRounds,
  ClockWatch,
  RelayNews,
  SeenByPeers,
  TwinWatch,
  StartCheck,
  {
    provide: STANDING_GAUGES,
    inject: [Registry, ClockWatch, RelayNews, SeenByPeers, TwinWatch, Clock],
    useFactory: (
      registry: Registry,
      watch: ClockWatch,
      news: RelayNews,
      seen: SeenByPeers,
      twins: TwinWatch,
      clock: Clock,
    ) =>
      standingGauges(registry, {
        clock: () => watch.verdict,
        testedAgeMs: (surface) => news.tested.ageMs(surface, clock.monotonicMs()),
        seen: () => seen.views.counts(clock.monotonicMs()),
        isTwinFound: () => twins.twin !== null,
      }),
  },
];
