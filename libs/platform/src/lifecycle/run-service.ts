import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { NatsConnection } from '@nats-io/transport-node';
import { Registry } from 'prom-client';
import type { z } from 'zod';
import { adminAdapter } from '../admin/admin-adapter.js';
import { processMetrics } from '../admin/process-metrics.js';
import { BusServer } from '../bus/bus-server.js';
import { connectNats } from '../bus/nats-connection.js';
import { PassFaultsOn } from '../bus/pass-faults-on.js';
import { ConfigError } from '../config/config-error.js';
import { readConfig } from '../config/read-config.js';
import { adminValues, commonValues, type CommonValues } from '../config/common-settings.js';
import { mustAskForPassword } from '../config/server-access.js';
import { loadSeedFile } from '../key-file.js';
import { NestLog } from '../log/nest-log.js';
import { PinoLog } from '../log/pino-log.js';
import { PlatformModule } from '../platform.module.js';
import { Readiness } from '../readiness.js';
import { reload } from '../reload.js';
import { endedWithin } from '../within.js';
import { runCrew } from '../workers/run-crew.js';
import { WorkerLink, workerOf } from '../workers/worker-link.js';
import { writesCoreFiles } from './core-files.js';
import { debuggingProblems, keepInspectorShut } from './debugging.js';
import { processLife } from './process-life.js';
import { startProblem } from './start-problem.js';

/** For what is still to be sent; a server that is gone takes nothing any more. */
export const DISCONNECT_MS = 2_000;

const CORE_FILES =
  'a crash would leave the node key on a disk; set the limit of core files to 0 (LimitCORE=0, ulimits: core: 0)';

export interface ServiceDefinition<S extends z.ZodObject> {
  /** Name in logs, and of the queue group on the bus. */
  readonly name: string;
  /** Of its environment variables, with the underscore. */
  readonly prefix: string;
  /** Has `commonSettings(prefix, …)` among its settings, or `adminSettings(prefix, …)` where it stands alone. */
  readonly schema: S;
  /** True: it has no node key, and says nothing to other services of ours. */
  readonly standsAlone?: boolean;
  /** How many processes share its ports; 1 where nothing is said. */
  readonly workers?: (config: Readonly<z.infer<S>>) => number;
  readonly module: (config: Readonly<z.infer<S>>) => DynamicModule;
}

/**
 * The life of a service process: configuration, NATS, Nest application with admin listener and bus handlers, until a
 * signal. A problem that an operator can mend is one sentence on stderr; the exit code is 78 for configuration, else 1.
 */
export async function runService<S extends z.ZodObject>(definition: ServiceDefinition<S>): Promise<void> {
  const isWorker = workerOf() !== undefined;
  if (isWorker && workerOf() !== definition.name) return; // loaded together with it, and running in the first process
  processLife.listen();
  keepInspectorShut();
  let config: Readonly<z.infer<S>> | undefined;
  try {
    refuseDebugging();
    config = readConfig(definition.schema, definition.prefix, process.env);
    const workers = definition.workers?.(config) ?? 1;
    if (isWorker || workers === 1) await start(definition, config, isWorker);
    else await runCrew(definition.name, workers, adminValues(config, definition.prefix));
  } catch (cause) {
    const { sentences, exitCode } = startProblem(cause, config);
    for (const sentence of sentences) process.stderr.write(`${definition.name}: ${sentence}\n`);
    process.exit(exitCode);
  }
}

/** Throws ConfigError. */
function refuseDebugging(): void {
  const problems = debuggingProblems(process.env, process.execArgv);
  if (problems.length > 0) throw new ConfigError(problems);
}

async function start<S extends z.ZodObject>(
  { name, prefix, module, standsAlone = false }: ServiceDefinition<S>,
  config: Readonly<z.infer<S>>,
  isWorker: boolean,
): Promise<void> {
  const admin = adminValues(config, prefix);
  const common = standsAlone ? null : commonValues(config, prefix);
  if (common !== null) loadSeedFile(common.KEY_FILE, `${prefix}KEY_FILE`); // a bad key is told before anything is waited for
  const serviceModule = module(config);
  const log = new PinoLog(name, admin.LOG_LEVEL);
  if (common !== null && writesCoreFiles()) log.warn('core_files_possible', { reason: CORE_FILES });
  const connection = common === null ? null : await connectionOf(common, name, prefix);

  const imports = [PlatformModule.with({ config, log, connection }), serviceModule];
  const logger = new NestLog(log);
  const app = await NestFactory.create<NestFastifyApplication>(
    { module: ServiceModule, imports },
    adminAdapter(admin.ADMIN_NAMES),
    {
      logger,
      abortOnError: false,
    },
  );
  const readiness = app.get(Readiness);
  if (connection !== null) {
    const strategy = new BusServer(connection, { queueGroup: name, log, registry: app.get(Registry) });
    app.connectMicroservice({ strategy }).useGlobalFilters(new PassFaultsOn());
  }

  processLife.add({
    name,
    log,
    close: async () => {
      readiness.set('stopping', 'this service is stopping');
      await app.close();
      if (connection !== null) await disconnect(connection);
    },
  });
  await app.init(); // providers first, then calls from the bus
  if (connection !== null) await app.startAllMicroservices();
  if (isWorker) {
    const registries = [app.get(Registry), processMetrics()];
    new WorkerLink({ readiness, registries, stop: () => processLife.stop(), reload }).started();
    log.info('worker_started');
  } else {
    await app.listen(admin.ADMIN_PORT, admin.ADMIN_HOST);
    log.info('started', { port: Number(new URL(await app.getUrl()).port) });
  }
  logger.running();
}

const connectionOf = (common: CommonValues, name: string, prefix: string): Promise<NatsConnection> =>
  connectNats({
    url: common.NATS_URL,
    user: common.NATS_USER,
    password: common.NATS_PASSWORD,
    caFile: common.NATS_CA_FILE,
    mustAskForPassword: mustAskForPassword(common.NATS_URL, common.OPEN_SERVERS),
    name,
    prefix,
  });

/** Sends what is still in hand, if there is somebody to take it. */
async function disconnect(connection: NatsConnection): Promise<void> {
  if (connection.isClosed()) return;
  const isDrained = await endedWithin(connection.drain(), DISCONNECT_MS);
  if (!isDrained || !connection.isClosed()) await endedWithin(connection.close(), DISCONNECT_MS);
}

@Module({})
class ServiceModule {}
