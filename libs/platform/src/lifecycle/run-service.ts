import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { z } from 'zod';
import { BusServer } from '../bus/bus-server.js';
import { connectNats } from '../bus/nats-connection.js';
import { ConfigError } from '../config/config-error.js';
import { readConfig } from '../config/read-config.js';
import type { LogLevel } from '../log/log.js';
import { NestLog } from '../log/nest-log.js';
import { PinoLog } from '../log/pino-log.js';
import { PlatformModule } from '../platform.module.js';
import { closeOnSignal } from './shutdown.js';
import { ServiceUnreachable } from './start-problem.js';

/** Exit code of a wrong configuration (sysexits EX_CONFIG): restarting does not help. */
const EXIT_CONFIGURATION = 78;
/** The admin port takes nothing but GET; this is room for its head. */
const ADMIN_BODY_BYTES = 1_024;

export interface ServiceDefinition<S extends z.ZodObject> {
  /** Name in logs, and of the queue group on the bus. */
  readonly name: string;
  /** Of its environment variables, with the underscore. */
  readonly prefix: string;
  readonly schema: S;
  readonly module: (config: Readonly<z.infer<S>>) => DynamicModule;
}

/**
 * The life of a service process: configuration, NATS, Nest application with admin listener and bus handlers, until a
 * signal. A problem that an operator can mend is one sentence on stderr; the exit code is 78 for configuration, else 1.
 */
export async function runService<S extends z.ZodObject>(definition: ServiceDefinition<S>): Promise<void> {
  try {
    await start(definition);
  } catch (cause) {
    report(definition.name, cause);
  }
}

async function start<S extends z.ZodObject>({ name, prefix, schema, module }: ServiceDefinition<S>): Promise<void> {
  const config = readConfig(schema, prefix, process.env);
  const setting = (key: string): unknown => (config as Record<string, unknown>)[`${prefix}${key}`];
  const text = (key: string): string | undefined => setting(key) as string | undefined;
  const log = new PinoLog(name, setting('LOG_LEVEL') as LogLevel);
  const connection = await connectNats({
    url: text('NATS_URL') ?? '',
    user: text('NATS_USER'),
    password: text('NATS_PASSWORD'),
    name,
  });

  const root: DynamicModule = {
    module: ServiceModule,
    imports: [PlatformModule.with({ config, log, connection }), module(config)],
  };
  const adapter = new FastifyAdapter({ bodyLimit: ADMIN_BODY_BYTES });
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger: new NestLog(log),
    abortOnError: false,
  });
  app.connectMicroservice({ strategy: new BusServer(connection, name, log) }, { inheritAppConfig: true });
  closeOnSignal(
    name,
    async () => {
      await app.close();
      await connection.drain();
    },
    log,
  );
  await app.init(); // providers first, then calls from the bus
  await app.startAllMicroservices();
  const host = text('ADMIN_HOST') ?? '';
  const port = setting('ADMIN_PORT') as number;
  await app.listen(port, host);
  log.info('started', { port: portOf(await app.getUrl()) });
}

class ServiceModule {}

const portOf = (url: string): number => Number(new URL(url).port);

function report(name: string, cause: unknown): void {
  const say = (sentence: string): void => void process.stderr.write(`${name}: ${sentence}\n`);
  if (cause instanceof ConfigError) {
    cause.problems.forEach(say);
    process.exit(EXIT_CONFIGURATION);
  }
  if (cause instanceof ServiceUnreachable) say(cause.message);
  else if (isListenProblem(cause)) say(listenSentence(cause));
  else say(`could not start: ${cause instanceof Error ? (cause.stack ?? cause.message) : 'unknown fault'}`);
  process.exit(1);
}

interface ListenProblem extends Error {
  readonly code: string;
  readonly syscall: string;
  readonly address?: string;
  readonly port?: number;
}

const isListenProblem = (cause: unknown): cause is ListenProblem =>
  cause instanceof Error && 'syscall' in cause && cause.syscall === 'listen';

function listenSentence({ code, address, port }: ListenProblem): string {
  const where = `${address ?? 'address'}:${port ?? '?'}`;
  if (code === 'EADDRINUSE') return `${where} is in use; stop what listens there, or choose another port`;
  if (code === 'EACCES') return `this user may not listen on ${where}; choose a port above 1023`;
  if (code === 'EADDRNOTAVAIL') return `${where} is not an address of this machine; correct the HOST setting`;
  return `cannot listen on ${where} (${code})`;
}
