import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { AdminController } from './admin/admin.controller.js';
import { Bus } from './bus/bus.js';
import { NatsBus } from './bus/nats-bus.js';
import { Clock, SystemClock } from './clock.js';
import { nativePrimitives } from './crypto/native-primitives.js';
import { Log } from './log/log.js';
import { Readiness } from './readiness.js';
import { CONFIG, PRIMITIVES } from './tokens.js';

export interface PlatformParts {
  readonly config: unknown;
  readonly log: Log;
  readonly connection: NatsConnection;
}

/** What every service gets without asking: clock, log, metrics registry, bus, readiness, crypto, its configuration. */
@Global()
@Module({})
export class PlatformModule {
  static with({ config, log, connection }: PlatformParts): DynamicModule {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const providers = [
      { provide: Clock, useClass: SystemClock },
      { provide: Log, useValue: log },
      { provide: Registry, useValue: registry },
      { provide: Bus, useValue: new NatsBus(connection) },
      { provide: PRIMITIVES, useFactory: nativePrimitives },
      { provide: CONFIG, useValue: config },
      Readiness,
    ];
    return { module: PlatformModule, controllers: [AdminController], providers, exports: providers };
  }
}
