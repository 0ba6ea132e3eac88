import { pino, type DestinationStream, type Logger } from 'pino';
import { Log, LOG_FIELDS, type LogFields, type LogLevel } from './log.js';

/** JSON lines: `{"level":"info","time":…,"service":"relay","event":"listening","port":22021}`. */
export class PinoLog extends Log {
  readonly #pino: Logger;

  constructor(service: string, level: LogLevel, destination?: DestinationStream) {
    super();
    const options = {
      level,
      base: { service },
      messageKey: 'event',
      formatters: { level: (label: string) => ({ level: label }) },
    };
    this.#pino = destination === undefined ? pino(options) : pino(options, destination);
  }

  trace(event: string, fields?: LogFields): void {
    this.#pino.trace(allowed(fields), event);
  }

  debug(event: string, fields?: LogFields): void {
    this.#pino.debug(allowed(fields), event);
  }

  info(event: string, fields?: LogFields): void {
    this.#pino.info(allowed(fields), event);
  }

  warn(event: string, fields?: LogFields): void {
    this.#pino.warn(allowed(fields), event);
  }

  error(event: string, fields?: LogFields): void {
    this.#pino.error(allowed(fields), event);
  }
}

function allowed(fields: LogFields | undefined): LogFields {
  if (fields === undefined) return {};
  return Object.fromEntries(
    LOG_FIELDS.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]),
  );
}
