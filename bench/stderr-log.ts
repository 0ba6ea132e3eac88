import { Log, type LogFields } from '#platform';

/** What somebody who measures should see: that something went wrong. */
export class StderrLog extends Log {
  trace(): void {
    // not of interest
  }

  debug(): void {
    // not of interest
  }

  info(): void {
    // not of interest
  }

  warn(event: string, fields?: LogFields): void {
    process.stderr.write(`${event} ${JSON.stringify(fields)}\n`);
  }

  error(event: string, fields?: LogFields): void {
    this.warn(event, fields);
  }
}
