import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { Registry } from 'prom-client';
import { CONFIG, Clock, Log, Readiness } from '#platform';
import type { DoorConfig } from './door.config.js';
import { DoorMetrics } from './door.metrics.js';
import { DoorPorts } from './passage/door-ports.js';
import { DnsLookUp, HostLookUp } from './relays/host-look-up.js';
import { RelayWatch } from './relays/relay-watch.js';
import { Relays } from './relays/relays.js';

const providers: Provider[] = [
  { provide: HostLookUp, useClass: DnsLookUp },
  {
    provide: Relays,
    inject: [Clock, Readiness],
    useFactory: (clock: Clock, readiness: Readiness) =>
      new Relays(clock, (areServing) =>
        readiness.set('connections', areServing ? null : 'no relay takes connections; see that one runs'),
      ),
  },
  {
    provide: DoorMetrics,
    inject: [Registry, Relays],
    useFactory: (registry: Registry, relays: Relays) => new DoorMetrics(registry, relays),
  },
  {
    provide: RelayWatch,
    inject: [CONFIG, HostLookUp, Relays, Readiness, Log, Clock],
    useFactory: (
      { DOOR_RELAYS: names }: DoorConfig,
      lookUp: HostLookUp,
      relays: Relays,
      readiness: Readiness,
      log: Log,
      clock: Clock,
    ) => new RelayWatch({ names, lookUp, relays, readiness, log, clock }),
  },
  DoorPorts,
];

/** What stands before several relays: it passes bytes on, and tells each relay whose they are. docs/protocol/door.md */
@Module({})
export class DoorModule {
  static create(): DynamicModule {
    return { module: DoorModule, providers };
  }
}
