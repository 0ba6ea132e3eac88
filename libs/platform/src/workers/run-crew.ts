import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { adminAdapter } from '../admin/admin-adapter.js';
import { AdminController } from '../admin/admin.controller.js';
import { MetricsText } from '../admin/metrics-text.js';
import { SystemClock } from '../clock.js';
import type { AdminValues } from '../config/common-settings.js';
import { processLife } from '../lifecycle/process-life.js';
import { NestLog } from '../log/nest-log.js';
import { PinoLog } from '../log/pino-log.js';
import { Readiness } from '../readiness.js';
import { onReload } from '../reload.js';
import { CrewMetrics } from './crew-metrics.js';
import { CrewReadiness } from './crew-readiness.js';
import { Crew } from './crew.js';

/**
 * The first process of a service with several: it holds the ports, hands connections to the workers in turn, replaces
 * those that end, and has the admin port for all of them. Settles when all serve. Throws WorkerFailed.
 */
export async function runCrew(service: string, size: number, common: AdminValues): Promise<void> {
  const log = new PinoLog(service, common.LOG_LEVEL);
  const crew = new Crew({ service, size, clock: new SystemClock(), log });
  const readiness = new CrewReadiness(crew);
  const logger = new NestLog(log);
  const app = await NestFactory.create<NestFastifyApplication>(
    CrewModule.with(new CrewMetrics(crew, service), readiness),
    adminAdapter(common.ADMIN_NAMES),
    { logger, abortOnError: false },
  );
  processLife.add({
    name: service,
    log,
    close: async () => {
      readiness.set('stopping', 'this service is stopping');
      try {
        await crew.stop();
      } finally {
        await app.close();
      }
    },
  });
  onReload(() => crew.reload());
  await app.listen(common.ADMIN_PORT, common.ADMIN_HOST);
  await crew.start();
  if (crew.isStopping) return;
  logger.running();
  log.info('started', { port: Number(new URL(await app.getUrl()).port), count: size });
}

@Module({})
class CrewModule {
  static with(metrics: CrewMetrics, readiness: CrewReadiness): DynamicModule {
    return {
      module: CrewModule,
      controllers: [AdminController],
      providers: [
        { provide: MetricsText, useValue: metrics },
        { provide: Readiness, useValue: readiness },
      ],
    };
  }
}
