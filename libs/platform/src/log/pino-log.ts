import { pino, type DestinationStream, type Logger } from 'pino';
import { Log, LOG_FIELDS, type LogFields, type LogLevel } from './log.js';

/** A sentence with an address in it is far shorter; a stray body is longer. */
const MAX_TEXT = 300;

/** JSON lines: `{"level":"info","time":…,"service":"relay","port":22021,"event":"listening"}`, to stdout by default. */
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
    this.#write('trace', event, fields);
  }

  debug(event: string, fields?: LogFields): void {
    this.#write('debug', event, fields);
  }

  info(event: string, fields?: LogFields): void {
    this.#write('info', event, fields);
  }

  warn(event: string, fields?: LogFields): void {
    this.#write('warn', event, fields);
  }

  error(event: string, fields?: LogFields): void {
    this.#write('error', event, fields);
  }

  /** The level is asked first: a line that nobody reads must cost nothing. */
  #write(level: LogLevel, event: string, fields: LogFields | undefined): void {
    if (this.#pino.isLevelEnabled(level)) this.#pino[level](allowed(fields), event);
  }
}

/** Known names with plain values; whatever else a cast has let in stays out. */
function allowed(fields: LogFields = {}): Record<string, string | number> {
  const kept: Record<string, string | number> = {};
  for (const name of LOG_FIELDS) {
    const value: unknown = fields[name];
    if (typeof value === 'number') kept[name] = value;
    if (typeof value === 'string') kept[name] = value.slice(0, MAX_TEXT);
  }
  return kept;
}
