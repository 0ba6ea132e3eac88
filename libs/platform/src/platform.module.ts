import { Global, Module, type DynamicModule, type Provider } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { Registry } from 'prom-client';
import { AdminController } from './admin/admin.controller.js';
import { MetricsText, OwnMetrics } from './admin/metrics-text.js';
import { processMetrics } from './admin/process-metrics.js';
import { showReadiness } from './admin/ready-metric.js';
import { BUS_VERSIONS } from './bus/bus-versions.js';
import { Bus } from './bus/bus.js';
import { NatsBus } from './bus/nats-bus.js';
import { Clock, SystemClock } from './clock.js';
import { nativePrimitives } from './crypto/native-primitives.js';
import { Log } from './log/log.js';
import { Readiness } from './readiness.js';
import { CONFIG, PRIMITIVES } from './tokens.js';
import { VersionWatch } from './version-watch.js';

export interface PlatformParts {
  readonly config: unknown;
  readonly log: Log;
  /** Null for a service that talks to no other of ours; such a one has no crypto either. */
  readonly connection: NatsConnection | null;
}

/** What every service gets without asking: clock, log, metrics registry, bus, readiness, crypto, its configuration. */
@Global()
@Module({})
export class PlatformModule {
  static with({ config, log, connection }: PlatformParts): DynamicModule {
    processMetrics(); // watches from now on, not from the first scrape
    const registry = new Registry();
    const readiness = new Readiness();
    showReadiness(registry, readiness);
    const providers: Provider[] = [
      { provide: Clock, useClass: SystemClock },
      { provide: Log, useValue: log },
      { provide: Registry, useValue: registry },
      { provide: MetricsText, useValue: new OwnMetrics(registry) },
      { provide: CONFIG, useValue: config },
      { provide: Readiness, useValue: readiness },
    ];
    if (connection !== null) {
      const bus = new NatsBus(connection, log, (isConnected) =>
        readiness.set('nats', isConnected ? null : 'NATS does not answer; we try again until it does'),
      );
      providers.push(
        { provide: Bus, useValue: bus },
        { provide: VersionWatch, useValue: new VersionWatch(log, registry, BUS_VERSIONS) },
        { provide: PRIMITIVES, useFactory: nativePrimitives },
      );
    }
    return { module: PlatformModule, controllers: [AdminController], providers, exports: providers };
  }
}
